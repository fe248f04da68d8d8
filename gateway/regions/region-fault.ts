import { errors } from 'undici'
import type { RegionFailure } from './region-reply.ts'
import { ReplyShapeError } from './reply-shape.ts'

export interface RegionFaultOptions extends ErrorOptions {
  /** The same may go well when it is sent again at once. @default false */
  readonly isPassing?: boolean
  /** It says something of the region, and not of this one request. @default true */
  readonly isRegions?: boolean
  /** No connection could be made, which no request can cause. @default false */
  readonly isUnconnected?: boolean
  /** How long the region asks not to be called, in milliseconds. Null: it does not say. @default null */
  readonly retryAfterMs?: number | null
  /** Of what the region answered. @default null */
  readonly httpStatus?: number | null
  /** A smaller question may be answered, or one without the part that was refused. @default null */
  readonly smaller?: SmallerQuestion | null
}

/** Why a smaller question may be answered: the reply was longer than is read, or a field of the client's own was refused. */
export type SmallerQuestion = { readonly why: 'TOO_LARGE' } | ({ readonly why: 'REFUSED' } & Refusal)

/** A region's refusal of what a client asks: its code (request-refusals.ts), and the alias of the field of `records` that was at fault. */
export interface Refusal {
  readonly code: string
  readonly alias: string
}

/** How a call of a region failed. The message is fit for a log: it holds nothing that the region sent. */
export class RegionFault extends Error {
  readonly status: RegionFailure
  readonly isPassing: boolean
  readonly isRegions: boolean
  readonly isUnconnected: boolean
  readonly retryAfterMs: number | null
  readonly httpStatus: number | null
  readonly smaller: SmallerQuestion | null
  constructor(
    status: RegionFailure,
    message: string,
    { isPassing = false, isRegions = true, isUnconnected = false, retryAfterMs = null, httpStatus = null, smaller = null, ...options }: RegionFaultOptions = {},
  ) {
    super(message, options)
    this.status = status
    this.isPassing = isPassing
    this.isRegions = isRegions
    this.isUnconnected = isUnconnected
    this.retryAfterMs = retryAfterMs
    this.httpStatus = httpStatus
    this.smaller = smaller
  }
}

/** Whatever a call threw, as a RegionFault. */
export function toRegionFault(error: unknown): RegionFault {
  if (error instanceof RegionFault) return error
  if (error instanceof ReplyShapeError) return new RegionFault('FAILED', error.message)
  if (isTimeout(error)) return new RegionFault('TIMED_OUT', 'no reply within the time allowed')
  const code = codeOf(error)
  if (isConnectionCode(code)) return new RegionFault('UNREACHABLE', code, { isPassing: true, isUnconnected: unconnectedCodes.has(code), cause: error })
  // What neither the network nor undici says is a bug of ours, which must not suspend a region.
  if (code === '') return new RegionFault('FAILED', error instanceof Error ? error.name : 'unknown', { isRegions: false, cause: error })
  return new RegionFault('FAILED', code, { cause: error })
}

/** Whether a connection failed, or closed before all was said. */
export function isConnectionFault(error: unknown): boolean {
  return isConnectionCode(codeOf(error))
}

/** Before a byte is sent. */
const unconnectedCodes = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN', 'ETIMEDOUT', 'UND_ERR_CONNECT_TIMEOUT'])
/** Of a connection that there was; what was sent over it may be the cause. */
const cutCodes = new Set(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

function isConnectionCode(code: string): boolean {
  return unconnectedCodes.has(code) || cutCodes.has(code)
}

function isTimeout(error: unknown): boolean {
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) return true
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError')
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
