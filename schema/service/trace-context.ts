/** A position in a trace: trace id, parent span id and trace flags (W3C Trace Context, section 3.2.2). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits. */
  readonly spanId: string
  /** 0 to 255; the lowest bit says that the caller may have recorded the trace. */
  readonly flags: number
}

export const sampledFlag = 1

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/**
 * Parses a `traceparent` header (W3C Trace Context, section 3.2). Null if it is absent or malformed, which the standard
 * treats alike.
 */
export function parseTraceparent(header: unknown): TraceContext | null {
  const [, version, traceId = '', spanId = '', flags = '', more] =
    (typeof header === 'string' && form.exec(header)) || []
  if (
    version === undefined ||
    version === 'ff' ||
    (version === '00' && more !== undefined) ||
    /^0+$/.test(traceId) ||
    /^0+$/.test(spanId)
  )
    return null
  // Of a later version, only this flag is known to keep its meaning.
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & (version === '00' ? 255 : sampledFlag) }
}

/** Prints a `traceparent` header of version 00. */
export function printTraceparent({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`
}

/**
 * The offset from performance.now to milliseconds since 1970, by which spans of several services are compared. Date.now
 * has whole milliseconds only, so a store would seem to answer before it was asked. The process's start is exact,
 * unless the wall clock was set since.
 */
export function epochOffsetMs(nowMs: number): number {
  const offsetMs = nowMs - performance.now()
  return Math.abs(offsetMs - performance.timeOrigin) < 2 ? performance.timeOrigin : offsetMs
}
