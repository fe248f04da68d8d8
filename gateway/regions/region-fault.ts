import { type Dispatcher, errors } from 'undici'
import { ReplyShapeError } from './reply-validator.ts'

/** Why a region gave no usable reply (architecture.md, Failure). */
export type RegionFailure = 'TIMED_OUT' | 'UNREACHABLE' | 'FAILED' | 'SUSPENDED'

export interface RegionFaultOptions extends ErrorOptions {
  /** The same may go well when it is sent again at once. @default false */
  readonly isTransient?: boolean
  /** It says something of the region, and not of this one request. @default true */
  readonly isRegionFault?: boolean
  /** No connection could be made, which no request can cause. @default false */
  readonly isConnectFailure?: boolean
  /** How long the region asks not to be called, in milliseconds. Null: it does not say. @default null */
  readonly retryAfterMs?: number | null
  /** Of what the region answered. @default null */
  readonly httpStatus?: number | null
  /** A smaller question may be answered, or one without the part that was refused. @default null */
  readonly splitReason?: SplitReason | null
}

/** Why a smaller question may be answered: the reply was longer than is read, or a field of the client's own was refused. */
export type SplitReason = { readonly why: 'TOO_LARGE' } | ({ readonly why: 'REFUSED' } & Refusal)

/** A region's refusal of what a client asks: its code (request-refusals.ts), and the alias of the field of `records` that was at fault. */
export interface Refusal {
  readonly code: string
  readonly alias: string
}

/** How a call of a region failed. The message is fit for a log: it holds nothing that the region sent. */
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

/** Whatever a call threw, as a RegionFault. */
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
  // What neither the network nor undici says is a bug of ours, which must not suspend a region.
  if (code === '')
    return new RegionFault('FAILED', error instanceof Error ? error.name : 'unknown', {
      isRegionFault: false,
      cause: error,
    })
  return new RegionFault('FAILED', code, { cause: error })
}

/** Whether a connection failed, or closed before all was said. */
export function isConnectionFault(error: unknown): boolean {
  return isConnectionCode(toErrorCode(error))
}

/** Before a byte is sent. */
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
/** Of a connection that there was; what was sent over it may be the cause. */
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

/** What an HTTP status other than the one expected says. Retry-After is heard of 429 and 503. */
export function toHttpFault(
  statusCode: number,
  headers: Dispatcher.ResponseData['headers'],
  nowMs: number,
): RegionFault {
  const isBusy = statusCode === 429 || statusCode === 503
  const askedMs = isBusy ? toRetryAfterMs(headers['retry-after'], nowMs) : null
  // To wait for no time is to wait for none that is known.
  const retryAfterMs = askedMs === 0 ? null : askedMs
  const isPassing = statusCode >= 500 && retryAfterMs === null
  // What a region refuses says nothing of how it is.
  const isRegions = isBusy || statusCode < 400 || statusCode >= 500
  return new RegionFault('FAILED', `expected HTTP 200, found ${statusCode}`, {
    isTransient: isPassing,
    isRegionFault: isRegions,
    retryAfterMs,
    httpStatus: statusCode,
  })
}

/** How long a Retry-After header (RFC 9110, 10.2.3) asks to wait, in milliseconds: whole seconds or an HTTP date, never less than 0. Null: it is absent or neither. */
export function toRetryAfterMs(header: string | readonly string[] | undefined, nowMs: number): number | null {
  const text = typeof header === 'string' ? header.trim() : ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const atMs = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs)
}
