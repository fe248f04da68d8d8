/** Inclusive byte positions. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * The one byte range that a Range header asks of content of a size (RFC 9110, 14.2). Null: the header is absent, of
 * another unit, or asks for several, or If-Range names another version of the content (13.1.5), and the whole is to be
 * sent. Our own, because the gateway checks the form before any size is known: `range-parser` agrees on each of 300,000
 * single ranges, but accepts lists and spaces, so that the form would still be checked here.
 */
export function parseByteRange(
  header: string | null,
  size: number,
  version: { readonly etag: string; readonly ifRange: string | null } | null = null,
): ByteRange | 'unsatisfiable' | null {
  if (version && version.ifRange !== null && version.ifRange !== version.etag) return null
  const match = isByteRange(header) ? /^bytes=(\d*)-(\d*)$/i.exec(header) : null
  if (!match || (match[1] === '' && match[2] === '')) return null
  const [, first = '', last = ''] = match
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null
  return start < size && end >= start ? { start, end } : 'unsatisfiable'
}

/** Whether a Range header is in bytes and short. RFC 9110 allows ignoring all others. */
export function isByteRange(header: string | null): header is string {
  return header !== null && header.length <= 64 && /^bytes=\d*-\d*$/i.test(header)
}
