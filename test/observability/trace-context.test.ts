import { expect, test } from 'vitest'
import { parseTraceparent, printTraceparent } from '../../schema/service/trace-context.ts'

const traceId = '0af7651916cd43dd8448eb211c80319c'
const spanId = 'b7ad6b7169203331'

test('a traceparent is printed as it was read', () => {
  for (const flags of ['00', '01', '02', 'ff']) {
    const header = `00-${traceId}-${spanId}-${flags}`
    const parsed = parseTraceparent(header)
    expect(parsed).toEqual({ traceId, spanId, flags: Number.parseInt(flags, 16) })
    expect(parsed && printTraceparent(parsed)).toBe(header)
  }
})

test('a traceparent of a later version is read as far as this version goes', () => {
  expect(parseTraceparent(`cc-${traceId}-${spanId}-09`)).toEqual({ traceId, spanId, flags: 1 })
  expect(parseTraceparent(`cc-${traceId}-${spanId}-00-what-the-future-brings`)).toEqual({ traceId, spanId, flags: 0 })
})

test.each([
  ['no header', undefined],
  ['an empty text', ''],
  ['a forbidden version', `ff-${traceId}-${spanId}-01`],
  ['more text after version 00', `00-${traceId}-${spanId}-01-what`],
  ['upper case', `00-${traceId.toUpperCase()}-${spanId}-01`],
  ['a trace id of zeros', `00-${'0'.repeat(32)}-${spanId}-01`],
  ['a span id of zeros', `00-${traceId}-${'0'.repeat(16)}-01`],
  ['a short trace id', `00-${traceId.slice(1)}-${spanId}-01`],
  ['flags that are not hexadecimal', `00-${traceId}-${spanId}-0x`],
  ['a later version with more text and no hyphen before it', `cc-${traceId}-${spanId}-01.what`],
  ['two headers', `00-${traceId}-${spanId}-01, 00-${traceId}-${spanId}-01`],
  ['one header with two values', [`00-${traceId}-${spanId}-01`]],
])('a traceparent counts as absent when it is %s', (_, header) => {
  expect(parseTraceparent(header)).toBeNull()
})
