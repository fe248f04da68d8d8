import { buildSchema } from 'graphql'
import { describe, expect, test } from 'vitest'
import { createDocumentCache, createDocumentReader } from '../../gateway/server/document-reader.ts'

const schema = buildSchema('type Query { viewer: Viewer! } type Viewer { id: ID! }')
const known = '{ viewer { id } }'

describe('a flood of documents', () => {
  const documentOf = (reading: ReturnType<ReturnType<typeof createDocumentReader>>) =>
    reading.status === 'accepted' ? reading.document : null

  test.each([
    ['that do not parse', (n: number) => `{ viewer { id } } # ${n}\n }`],
    ['that do not fit the schema', (n: number) => `{ viewer { id${n} } }`],
    ['beyond a limit', (n: number) => `{ viewer { ${`a${n}: id `.repeat(60)} } }`],
    ['that ask for the schema', (n: number) => `{ s${n}: __schema { description } }`],
  ])('a flood of documents %s evicts no document from the cache', (_, toText) => {
    const read = createDocumentReader({ schema, introspection: 'off', maxCharacters: 5000 })
    const document = documentOf(read(known))
    for (let n = 0; n < 200; n++) expect(documentOf(read(toText(n)))).toBeNull()
    expect(document).not.toBeNull()
    expect(documentOf(read(known))).toBe(document)
  })

  test('a flood of admitted documents evicts none that other clients keep requesting', () => {
    const read = createDocumentReader({ schema, introspection: 'off', maxCharacters: 5000 })
    const document = documentOf(read(known))
    for (let n = 0; n < 1000; n++) {
      expect(documentOf(read(`query Q${n} { viewer { id } }`))).not.toBeNull()
      expect(documentOf(read(known))).toBe(document)
    }
  })

  test.each([
    ['short', 1, 1000, 20],
    ['long', 4500, 1000, 2],
    ['longer than the whole cache', 20_000, 10, 0],
  ])('the cache of %s refused documents holds a bounded number of characters', (_, length, count, most) => {
    const memory = createDocumentCache<number>(10_000)
    const texts = Array.from({ length: count }, (_, n) => String(n).padEnd(length))
    for (const [n, text] of texts.entries()) memory.set(text, n)
    const kept = texts.filter((text) => memory.get(text) !== null)
    expect(kept.length).toBeLessThanOrEqual(most)
    expect(kept.length).toBeGreaterThanOrEqual(most - 1)
    expect(kept).toEqual(most === 0 ? [] : texts.slice(-kept.length))
  })

  test('the same refused document again takes no more memory', () => {
    const memory = createDocumentCache<number>(10_000)
    for (let n = 0; n < 100; n++) memory.set('same', n)
    for (let n = 0; n < 15; n++) memory.set(`other ${n}`, n)
    expect(memory.get('same')).toBe(99)
  })
})
