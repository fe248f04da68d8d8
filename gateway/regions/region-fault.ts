import { type Dispatcher, errors } from 'undici'
import { ReplyShapeError } from './reply-validator.ts'

/** Why a region gave no usable reply. */
export type RegionFailure = 'TIMED_OUT' | 'UNREACHABLE' | 'FAILED' | 'SUSPENDED'

export interface RegionFaultOptions extends ErrorOptions {
  /** Whether an immediate retry may succeed. @default false */
  readonly isTransient?: boolean
  /** Whether the fault shows the region's health, and not just this request's. @default true */
  readonly isRegionFault?: boolean
  /** Whether no connection could be made, which no request can cause. @default false */
  readonly isConnectFailure?: boolean
  /** Milliseconds that the region requests not to be called. Null: it requests none. @default null */
  readonly retryAfterMs?: number | null
  /** HTTP status of the region's response. @default null */
  readonly httpStatus?: number | null
  /** Why a smaller request, or one without the refused field, may succeed. @default null */
  readonly splitReason?: SplitReason | null
}

/** Why a smaller request may succeed: the reply exceeded the size limit, or the region refused a client's field. */
export type SplitReason = { readonly why: 'TOO_LARGE' } | ({ readonly why: 'REFUSED' } & Refusal)

/**
 * A region's refusal of a client's selection: its code (request-refusals.ts) and the alias of the `records` field at
 * fault.
 */
export interface Refusal {
  readonly code: string
  readonly alias: string
}

/** A failed call to a region. The message may be logged: it contains nothing that the region sent. */
export class RegionFault extends Error {
  readonly status: RegionFailure
  readonly isTransient: boolean
  readonly isRegionFault: boolean
  readonly isConnectFailure: boolean
  readonly retryAfterMs: number | null
  readonly httpStatus: number | null
  readonly splitReason: SplitReason | null
  constructor(
    status: RegionFailure,
    message: string,
    {
      isTransient: isPassing = false,
      isRegionFault: isRegions = true,
      isConnectFailure = false,
      retryAfterMs = null,
      httpStatus = null,
      splitReason = null,
      ...options
    }: RegionFaultOptions = {},
  ) {
    super(message, options)
    this.status = status
    this.isTransient = isPassing
    this.isRegionFault = isRegions
    this.isConnectFailure = isConnectFailure
    this.retryAfterMs = retryAfterMs
    this.httpStatus = httpStatus
    this.splitReason = splitReason
  }
}

/** Converts whatever a call threw to a RegionFault. */
export function toRegionFault(error: unknown): RegionFault {
  if (error instanceof RegionFault) return error
  if (error instanceof ReplyShapeError) return new RegionFault('FAILED', error.message)
  if (isTimeout(error)) return new RegionFault('TIMED_OUT', 'no reply within the time allowed')
  const code = toErrorCode(error)
  if (isConnectionCode(code))
    return new RegionFault('UNREACHABLE', code, {
      isTransient: true,
      isConnectFailure: connectFailureCodes.has(code),
      cause: error,
    })
  // An error of neither the network nor undici is the gateway's own bug, which must not suspend a region.
  if (code === '')
    return new RegionFault('FAILED', error instanceof Error ? error.name : 'unknown', {
      isRegionFault: false,
      cause: error,
    })
  return new RegionFault('FAILED', code, { cause: error })
}

/** Returns whether a connection failed, or closed before the response was complete. */
export function isConnectionFault(error: unknown): boolean {
  return isConnectionCode(toErrorCode(error))
}

/** Codes of errors before a byte is sent. */
const connectFailureCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
])
/** Codes of errors on an open connection. The request that it carried may be the cause. */
const disconnectCodes = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

function isConnectionCode(code: string): boolean {
  return connectFailureCodes.has(code) || disconnectCodes.has(code)
}

function isTimeout(error: unknown): boolean {
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) return true
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
}

function toErrorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** Converts an unexpected HTTP status to a fault. Retry-After counts with 429 and 503 only. */
export function toHttpFault(
  statusCode: number,
  headers: Dispatcher.ResponseData['headers'],
  nowMs: number,
): RegionFault {
  const isBusy = statusCode === 429 || statusCode === 503
  const askedMs = isBusy ? toRetryAfterMs(headers['retry-after'], nowMs) : null
  // A Retry-After of 0 counts as none.
  const retryAfterMs = askedMs === 0 ? null : askedMs
  const isPassing = statusCode >= 500 && retryAfterMs === null
  // A region's refusal does not show its health.
  const isRegions = isBusy || statusCode < 400 || statusCode >= 500
  return new RegionFault('FAILED', `expected HTTP 200, found ${statusCode}`, {
    isTransient: isPassing,
    isRegionFault: isRegions,
    retryAfterMs,
    httpStatus: statusCode,
  })
}

/**
 * Converts a Retry-After header (RFC 9110, section 10.2.3), in whole seconds or as an HTTP date, to milliseconds of at
 * least 0. Returns null if it is absent or neither.
 */
export function toRetryAfterMs(header: string | readonly string[] | undefined, nowMs: number): number | null {
  const text = typeof header === 'string' ? header.trim() : ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const atMs = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs)
}
