import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIdSealer } from '../../gateway/opaque-tokens/id-sealer.ts'

const sealer = createIdSealer(new Uint8Array(32).fill(1))
const text = fc.string({ minLength: 1, maxLength: 64, unit: 'binary' })

test('a sealed id is the same each time, opens for the key that sealed it, and for no other key', () => {
  fc.assert(
    fc.property(text, (id) => {
      const sealed = sealer.seal(id)
      expect([sealer.unseal(sealed), sealer.seal(id)]).toEqual([id, sealed])
      expect(createIdSealer(new Uint8Array(32).fill(2)).unseal(sealed)).toBeNull()
    }),
  )
})

test('an id that was never sealed, or altered since, opens for nobody', () => {
  fc.assert(
    fc.property(text, fc.nat(), fc.constantFrom(...'ABCabc019-_'), (id, at, other) => {
      expect(sealer.unseal(id)).toBeNull()
      const sealed = sealer.seal(id)
      const place = at % sealed.length
      const altered = sealed.slice(0, place) + other + sealed.slice(place + 1)
      if (altered !== sealed) expect(sealer.unseal(altered)).toBeNull()
    }),
  )
})
