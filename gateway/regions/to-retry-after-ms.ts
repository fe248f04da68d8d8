/** How long a Retry-After header (RFC 9110, 10.2.3) asks to wait, in milliseconds: whole seconds or an HTTP date, never less than 0. Null: it is absent or neither. */
export function toRetryAfterMs(header: string | readonly string[] | undefined, nowMs: number): number | null {
  const text = typeof header === 'string' ? header.trim() : ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const atMs = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs)
}
