/** Inclusive byte positions. */
export interface ByteRange {
  readonly start: number
  readonly end: number
}

/**
 * Parses the one byte range that a Range header requests (RFC 9110, section 14.2). Null means that the whole content is
 * sent: no header, another unit, several ranges, or an If-Range for another version (section 13.1.5).
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
