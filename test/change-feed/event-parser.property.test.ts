import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEventParser, type ServerSentEvent } from '../../gateway/change-feed/event-parser.ts'

const lineOf = fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, ''))
const ending = fc.constantFrom('\n', '\r', '\r\n')

/** An event as it may be written, and as it must be read: null where it has no data. */
const written = fc
  .record({
    type: lineOf,
    data: fc.array(lineOf, { maxLength: 3 }),
    comment: lineOf,
    id: lineOf,
    end: ending,
    space: fc.constantFrom('', ' '),
  })
  .map(({ type, data, comment, id, end, space }) => ({
    text: [
      `:${comment}`,
      `event:${space}${space ? type : type.replace(/^ /, '')}`,
      `id: ${id}`,
      ...data.map((one) => `data: ${one}`),
      '',
    ]
      .map((line) => line + end)
      .join(''),
    event:
      data.length > 0 ? { type: (space ? type : type.replace(/^ /, '')) || 'message', data: data.join('\n') } : null,
  }))

function parse(pieces: readonly Uint8Array[], maxEventChars?: number): readonly ServerSentEvent[] {
  const events: ServerSentEvent[] = []
  const push = createEventParser({
    onEvent: (event) => events.push(event),
    ...(maxEventChars === undefined ? {} : { maxEventChars }),
  })
  for (const piece of pieces) push(piece)
  return events
}

function cutAt(bytes: Uint8Array, cuts: readonly number[]): readonly Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b)
  return places.slice(1).map((place, index) => bytes.subarray(places[index], place))
}

test('the parser yields the same events wherever the bytes are cut, even within characters and line ends', () => {
  fc.assert(
    fc.property(fc.array(written, { maxLength: 6 }), fc.array(fc.nat(), { maxLength: 12 }), (events, cuts) => {
      const text = events.map((one) => one.text).join('')
      const expected = events.flatMap(({ event }) => event ?? [])
      const bytes = new TextEncoder().encode(text)
      // Lone surrogates cannot be written as bytes: what is read is what was written.
      const asWritten = expected.map(({ type, data }) => ({ type: type.toWellFormed(), data: data.toWellFormed() }))
      expect(parse(cutAt(bytes, cuts))).toEqual(asWritten)
      expect(parse(Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(asWritten)
    }),
  )
})

test('the parser yields no event before it is whole', () => {
  expect(parse([new TextEncoder().encode('event: change\ndata: {}\n')])).toEqual([])
})

test('the parser limits the length of an unfinished event, in one line or in many', () => {
  expect(() => parse([new TextEncoder().encode(`data: ${'x'.repeat(200)}`)], 100)).toThrow('at most 100 characters')
  expect(() => parse([new TextEncoder().encode('data: x\n'.repeat(100))], 100)).toThrow('at most 100 characters')
  expect(parse([new TextEncoder().encode('data: x\n\n'.repeat(100))], 100)).toHaveLength(100)
})
