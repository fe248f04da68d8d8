/** Where in which trace a request stands: its trace, the span that asks, and the trace flags (W3C Trace Context, 3.2.2). */
export interface TraceContext {
  /** 32 hexadecimal digits. */
  readonly traceId: string
  /** 16 hexadecimal digits. */
  readonly spanId: string
  /** 0 to 255; the lowest bit says that who asks may have recorded the trace. */
  readonly flags: number
}

export const sampledFlag = 1

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** What a `traceparent` header says (W3C Trace Context, 3.2); null where there is none, or one that is malformed, for that is as if there were none. */
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
  // Of a version that is to come, only this flag is known to mean the same.
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & (version === '00' ? 255 : sampledFlag) }
}

/** The `traceparent` header of version 00. */
export function printTraceparent({ traceId, spanId, flags }: TraceContext): string {
  return `00-${traceId}-${spanId}-${flags.toString(16).padStart(2, '0')}`
}

/**
 * What makes milliseconds since 1970 of performance.now, in which the spans of several services are compared. A wall clock tells whole milliseconds
 * only, by which a store would seem to answer before it was asked; the process's own start is as exact, unless the wall clock was set since.
 */
export function epochOffsetMs(nowMs: number): number {
  const offsetMs = nowMs - performance.now()
  return Math.abs(offsetMs - performance.timeOrigin) < 2 ? performance.timeOrigin : offsetMs
}
