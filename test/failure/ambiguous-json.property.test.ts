import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseReply } from '../../gateway/regions/parse-reply.ts'

/** Texts that look like keys where they are none. */
const trap = fc.constantFrom('"a":1', 'b" :', '\\"c\\":', '":', '\\', '"', 'd"', '\u2028":', '{"e":{"f":2}}')
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), trap)
const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,3}$/)
/** Its last letter is written as it is: no name ends otherwise. */
const endsPlainly = (key: string) => key === '' || JSON.stringify(key).at(-2) === key.at(-1)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.constantFrom(true, null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof({ weight: 4, arbitrary: name }, text.filter(endsPlainly)), tie('value'), { maxKeys: 4 }),
  ),
}))
const spaces = fc.constantFrom(undefined, 1, '\t', '\r\n ')

test('the reader accepts JSON with unique keys unchanged, whatever its texts contain', () => {
  fc.assert(
    fc.property(fc.dictionary(name, value), spaces, (data, space) => {
      const written = JSON.stringify({ data }, null, space)
      expect(parseReply(written)).toEqual(JSON.parse(written).data)
    }),
    { numRuns: 1000 },
  )
})

test('the reader refuses JSON with a name twice in one object, wherever it is and however it is written', () => {
  const escaped = (key: string) => `\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}`
  fc.assert(
    fc.property(
      name,
      value,
      value,
      fc.array(name, { maxLength: 4 }),
      fc.constantFrom('', ' ', '\n\t'),
      fc.boolean(),
      (key, first, second, path, space, isEscaped) => {
        const inner = `{"${isEscaped ? escaped(key) : key}"${space}:${space}${JSON.stringify(first)},"${key}"${space}:${JSON.stringify(second)}}`
        const written = `{"data":${path.reduce((json, step) => `{"${step}":[${json}]}`, inner)}}`
        expect(() => parseReply(written)).toThrow('expected each key of an object once')
      },
    ),
    { numRuns: 1000 },
  )
})

test('the reader refuses JSON deeper than any reply, however deep', () => {
  for (const levels of [101, 5000, 1_000_000])
    expect(() => parseReply(`{"data":{"a":${'['.repeat(levels)}${']'.repeat(levels)}}}`)).toThrow(
      'expected at most 100 levels',
    )
})

test('an error about an unreadable reply contains no text of it', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 3, unit: fc.constantFrom('Q', 'Z', 'X') }), (secret) => {
      for (const written of [
        secret,
        `{"data":"${secret}"}`,
        `{"data":{},"errors":["${secret}"]}`,
        `{"data":{"${secret}":1,"${secret}":2}}`,
        `["${secret}"]`,
      ]) {
        try {
          parseReply(written)
          expect.fail('Expected it to be refused')
        } catch (error) {
          expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain(secret)
        }
      }
    }),
  )
})
