import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { GraphQLError } from 'graphql'
import type { VerifiedViewer } from '../../schema/access-token.ts'
import type { ContentRelease } from '../../schema/content-release.ts'
import type { RegionStatus } from '../../schema/generated/patient-view.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { isByteRange } from '../../schema/service/byte-range.ts'
import { createErrorResponse } from '../../schema/service/error-response.ts'
import { toContentType } from '../../schema/service/media-type.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import type { RouteHandler } from '../../schema/service/use-route-handlers.ts'
import type { AccessRecorder } from '../audit/record-access.ts'
import type { DecideAccess } from '../consent/decide-access.ts'
import type { IsFlagged } from '../consent/flagged-patients.ts'
import { statusByDecision, toRegionDecision } from '../consent/region-decision.ts'
import type { ObserveRequest, RequestOutcome } from '../observability/metrics/request-observation.ts'
import { type StartTrace, toTraceHeaders, withTrace } from '../observability/tracing/trace-starter.ts'
import { contentProtectedMessage } from '../patient-view/messages.ts'
import type { CreateCredentials } from '../regions/credentials.ts'
import type { ContentOutcome, RangeRequest, RegionClient } from '../regions/region-client.ts'
import type { CallTrace } from '../regions/region-wait-recorder.ts'
import type { ContentTickets } from './content-tickets.ts'

export interface ContentHandlerOptions {
  readonly tickets: ContentTickets
  readonly clients: readonly RegionClient[]
  readonly decideAccess: DecideAccess
  readonly isFlagged: IsFlagged
  readonly credentialsOf: (viewer: VerifiedViewer) => CreateCredentials
  readonly recordDocument: AccessRecorder['recordDocument']
  /** Counts one opened document of a person as an operation. Returns 0, or the seconds until the next is allowed. */
  readonly rateLimit: { consume(person: string): number }
  readonly now: () => number
  /** @default no content is traced */
  readonly startTrace?: StartTrace
  /** Receives the code of each refusal that precedes the request to the region. @default nobody */
  readonly onRefused?: (code: string) => void
  /** Receives each request, whatever its outcome, once it is answered. @default nobody */
  readonly onAnswered?: ObserveRequest
  readonly log: ServiceLog
}

const tooManyMessage =
  'Expected fewer operations and documents of one person in a minute; ask again after the seconds that Retry-After says.'

/** Keeps content from running as part of this origin, whatever its bytes are. */
const contentHeaders = {
  'cache-control': 'no-store',
  'content-disposition': 'attachment',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}
/**
 * The region's headers that are passed on, with the form that each must have. Others are dropped, so that no header
 * prevents opening a document.
 */
const passedHeaders: Readonly<Record<string, RegExp>> = {
  'content-length': /^\d{1,15}$/,
  'content-range': /^bytes (\d{1,15}-\d{1,15}|\*)\/(\d{1,15}|\*)$/,
  'accept-ranges': /^bytes$/,
  etag: /^"[!#-~]{1,128}"$/,
}

/**
 * Streams a document's content from its region to the viewer who was given the url. Access and release are decided
 * again.
 */
export function createContentHandler({
  tickets,
  clients,
  decideAccess,
  isFlagged,
  credentialsOf,
  recordDocument,
  rateLimit,
  now,
  startTrace = () => null,
  onRefused = () => {},
  onAnswered = () => {},
  log,
}: ContentHandlerOptions): RouteHandler<string, VerifiedViewer> {
  const answer = async (
    request: Request,
    text: string,
    viewer: VerifiedViewer,
    trace: CallTrace | null,
    opening: ContentRequest,
  ): Promise<Response> => {
    const refuse = (status: number, code: string, message: string, headers = {}) => {
      opening.code = code
      return createErrorResponse(request, status, fault(code, message), headers)
    }
    const refuseUnasked: typeof refuse = (status, code, ...rest) => {
      onRefused(code)
      return refuse(status, code, ...rest)
    }
    const waitSeconds = rateLimit.consume(viewer.holder.id)
    if (waitSeconds > 0)
      return refuseUnasked(429, 'TOO_MANY_OPERATIONS', tooManyMessage, { 'retry-after': String(waitSeconds) })
    const ticket = tickets.parse(text, viewer.holder)
    const client = clients.find(({ region }) => region.code === ticket?.region)
    if (!ticket || !client)
      return refuseUnasked(404, 'CONTENT_NOT_AVAILABLE', 'Expected a content url that was given to this viewer.')
    const { requestId } = opening
    if (ticket.expiresAtMs <= now()) {
      const isRecorded = await record(request, opening, () =>
        recordDocument(
          { ...ticket, requestId, nhsNumber: null, decision: null, status: 'REFUSED', latencyMs: 0 },
          viewer.holder,
        ),
      )
      if (isRecorded instanceof Response) return isRecorded
      return refuseUnasked(
        410,
        'CONTENT_URL_EXPIRED',
        'The content url is older than five minutes; ask for the document again.',
      )
    }
    const access = decideAccess(ticket.region, viewer.holder, ticket.context)
    const startedAt = performance.now()
    const isPermitted = access.code === 'PERMITTED'
    const credentialsFor = withTrace(credentialsOf(viewer), trace)
    const open = async (): Promise<ContentOutcome> => {
      try {
        return await client.openContent(
          ticket.documentId,
          await credentialsFor(ticket.region, ticket.context),
          toContentRange(request.headers),
        )
      } catch (error) {
        // A bug or an unusable key; the trail records it like any other failure.
        log("Requesting a document's content failed", error)
        return { status: 'UNAVAILABLE', failure: 'FAILED' }
      }
    }
    const content = isPermitted ? await open() : null
    const latencyMs = performance.now() - startedAt
    const { nhsNumber = null, decision = toRegionDecision(access) } = toRelease(content) ?? {}
    const isProtected = isLocationProtected(content, [
      ticket.askedNhsNumber,
      ...(nhsNumber === null ? [] : [nhsNumber]),
    ])
    const status = isProtected ? 'REFUSED' : toRegionStatus(content)
    opening.regionCall = { region: ticket.region, status, waitMs: isPermitted ? latencyMs : 0 }
    const discard = () => {
      // undici emits an error event when a stream is destroyed, and nothing else listens for it here.
      if (content?.status === 'OPENED') content.body.on('error', () => {}).destroy()
    }
    const isRecorded = await record(request, opening, () =>
      recordDocument(
        { ...ticket, requestId: opening.requestId, nhsNumber, decision, status, latencyMs: Math.round(latencyMs) },
        viewer.holder,
      ),
    )
    if (isRecorded instanceof Response) {
      discard()
      return isRecorded
    }
    if (content === null)
      return refuse(403, access.code, "The region's sharing rules do not let you see this document.")
    if (isProtected) {
      discard()
      return refuse(403, 'LOCATION_PROTECTED', `${contentProtectedMessage}.`)
    }
    if (content.status === 'UNAVAILABLE')
      return refuse(503, 'REGION_UNAVAILABLE', `${client.region.applicationName} did not answer.`)
    if (content.status === 'REFUSED') {
      // A refused range is answered with the size in Content-Range (RFC 9110, 15.5.17).
      if (content.httpStatus === 416)
        return refuse(
          416,
          'RANGE_NOT_SATISFIABLE',
          'Expected a byte range within the content.',
          toUnsatisfiedRange(content.contentRange),
        )
      return refuse(content.httpStatus, 'CONTENT_NOT_AVAILABLE', 'There is no such content to show.')
    }
    const headers = { ...toPassedHeaders(content.headers), ...contentHeaders }
    return new Response(Readable.toWeb(content.body) as ReadableStream<Uint8Array>, {
      status: content.httpStatus,
      headers,
    })
  }
  /** Writes to the audit trail. Returns an error response if it cannot, because nothing may leave then. */
  const record = async (
    request: Request,
    opening: ContentRequest,
    write: () => Promise<void>,
  ): Promise<Response | null> => {
    try {
      await write()
      return null
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error
      opening.code = String(error.extensions.code)
      return createErrorResponse(request, 503, error)
    }
  }
  /**
   * Tells whether the region releases the content but its patient's location is protected, by any region's flag or by
   * the store's own 403.
   * A region that has not sent its flags yet stated in the view, when the url was made, that it does not flag this
   * patient. Content that rules refuse stays refused without revealing a flag.
   */
  const isLocationProtected = (content: ContentOutcome | null, nhsNumbers: readonly string[]): boolean => {
    if (content?.status === 'REFUSED') return content.httpStatus === 403
    if (content?.status !== 'OPENED') return false
    return clients.some(({ region }) => nhsNumbers.some((nhsNumber) => isFlagged(region.code, nhsNumber) === true))
  }
  return async (request, { match, caller }) => {
    const trace = startTrace('GET', match.route.template, toTraceHeaders(request.headers), performance.now())
    const opening: ContentRequest = {
      requestId: randomUUID(),
      startedAtMs: now(),
      startedMonotonicMs: performance.now(),
      code: null,
      regionCall: null,
    }
    const response = await answer(request, match.parameter, caller, trace, opening).catch((error: unknown) => {
      log("Opening a document's content failed", error)
      opening.code = 'INTERNAL'
      return createErrorResponse(request, 500, fault('INTERNAL', 'Something went wrong here; it has been recorded.'))
    })
    trace?.endRequest(response.status)
    onAnswered(toObservation(opening, response.status))
    return response
  }
}

/** One request for content and its outcome. */
interface ContentRequest {
  readonly requestId: string
  /** Milliseconds since 1970; `startedMonotonicMs` is of performance.now(). */
  readonly startedAtMs: number
  readonly startedMonotonicMs: number
  /** The code of the refusal or failure; null: none. */
  code: string | null
  /** The region's status and time; null: it was not asked. */
  regionCall: { readonly region: string; readonly status: RegionStatus; readonly waitMs: number } | null
}

/** Converts a request for content to an observation for the log and metrics; its time ends when the content begins. */
function toObservation(
  { requestId, startedAtMs, startedMonotonicMs, code, regionCall: regionLoaderKey }: ContentRequest,
  status: number,
): Parameters<ObserveRequest>[0] {
  const durationMs = performance.now() - startedMonotonicMs
  const outcome: RequestOutcome = status >= 500 ? 'FAILED' : status >= 400 ? 'REFUSED' : 'DONE'
  const regionsMs = regionLoaderKey?.waitMs ?? 0
  return {
    requestId,
    operation: 'content',
    startedAtMs,
    durationMs,
    gatewayMs: durationMs - regionsMs,
    outcome,
    ...(code === null ? {} : { code }),
    stages: { planMs: 0, accessMs: 0, regionsMs, assembleMs: 0, auditMs: 0 },
    regions: regionLoaderKey ? [{ ...regionLoaderKey, fromCache: false }] : [],
  }
}

/**
 * Returns the Range header for the region. Null: the whole content, as when If-Range is not a strong entity tag (RFC
 * 9110, 13.1.5).
 */
function toContentRange(headers: Headers): RangeRequest | null {
  const range = headers.get('range')
  const ifRange = headers.get('if-range')
  if (!isByteRange(range) || (ifRange !== null && !passedHeaders.etag?.test(ifRange))) return null
  return { range, ifRange }
}

function toPassedHeaders(
  answered: Readonly<Record<string, string | string[] | undefined>>,
): Readonly<Record<string, string>> {
  const validHeaders = Object.entries(passedHeaders).flatMap(([name, form]) => {
    const value = answered[name]
    return typeof value === 'string' && form.test(value) ? [[name, value] as const] : []
  })
  const contentType = answered['content-type']
  return {
    ...Object.fromEntries(validHeaders),
    'content-type': toContentType(typeof contentType === 'string' ? contentType : ''),
  }
}

/** Returns Content-Range with the size alone (RFC 9110, 14.4); no header if the region states none. */
function toUnsatisfiedRange(rangeRequest: string | null): Readonly<Record<string, string>> {
  return rangeRequest !== null && /^bytes \*\/\d{1,15}$/.test(rangeRequest) ? { 'content-range': rangeRequest } : {}
}

function toRelease(content: ContentOutcome | null): ContentRelease | null {
  return content === null || content.status === 'UNAVAILABLE' ? null : content.release
}

/** Returns the status for the audit trail; without content the region was not asked. */
function toRegionStatus(content: ContentOutcome | null): RegionStatus {
  if (content === null) return 'REFUSED'
  if (content.status === 'OPENED') return 'ANSWERED'
  if (content.status === 'UNAVAILABLE') return content.failure
  const decided = content.release ? statusByDecision[content.release.decision.code] : 'ANSWERED'
  return decided === 'ANSWERED' ? 'NOT_KNOWN' : decided
}
