import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { GraphQLError } from 'graphql'
import type { RegionStatus } from '../../schema/generated/patient-view.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { isByteRange } from '../../schema/http/byte-range.ts'
import { createErrorResponse } from '../../schema/http/error-response.ts'
import { toContentType } from '../../schema/http/media-type.ts'
import type { ContentRelease } from '../../schema/http/release-header.ts'
import type { ServiceLog } from '../../schema/http/service-log.ts'
import type { RouteHandler } from '../../schema/http/use-route-handlers.ts'
import type { DecideAccess } from '../consent/decide-access.ts'
import type { IsFlagged } from '../consent/flagged-patients.ts'
import type { VerifiedViewer } from '../http/use-bearer-token.ts'
import type { ViewerRate } from '../limits/viewer-rate.ts'
import type { ObserveRequest, RequestOutcome } from '../metrics/request-observation.ts'
import type { AccessRecorder } from '../record-access.ts'
import type { CallTrace } from '../regions/call-trace.ts'
import type { ContentOutcome, ContentRange, RegionClient } from '../regions/region-client.ts'
import type { CredentialsFor } from '../request-context.ts'
import { type BeginTrace, toTraceHeaders } from '../tracing/request-traces.ts'
import { withTrace } from '../tracing/with-trace.ts'
import { statusOf, toRegionDecision } from '../view/region-decision.ts'
import { contentProtectedWords } from '../view/words.ts'
import type { ContentTickets } from './content-tickets.ts'

export interface ContentOptions {
  readonly tickets: ContentTickets
  readonly clients: readonly RegionClient[]
  readonly decideAccess: DecideAccess
  readonly isFlagged: IsFlagged
  readonly credentialsOf: (viewer: VerifiedViewer) => CredentialsFor
  readonly recordDocument: AccessRecorder['recordDocument']
  /** A content counts as an operation. */
  readonly rate: ViewerRate
  readonly now: () => number
  /** @default no content is traced */
  readonly beginTrace?: BeginTrace
  /** Told the code of each refusal before a region is asked. @default nobody */
  readonly onRefused?: (code: string) => void
  /** Told of each request, whatever came of it, once it is answered. @default nobody */
  readonly onAnswered?: ObserveRequest
  readonly log: ServiceLog
}

const tooOften = 'Expected fewer operations and contents of one person in a minute; ask again after the seconds that Retry-After says.'

/** Never shown as part of this origin, whatever the bytes are. */
const contentHeaders = {
  'cache-control': 'no-store',
  'content-disposition': 'attachment',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
}
/** What is passed on of a region's headers, and how it must look: none that cannot stand in a header keeps content from being opened. */
const passedOn: Readonly<Record<string, RegExp>> = {
  'content-length': /^\d{1,15}$/,
  'content-range': /^bytes (\d{1,15}-\d{1,15}|\*)\/(\d{1,15}|\*)$/,
  'accept-ranges': /^bytes$/,
  etag: /^"[!#-~]{1,128}"$/,
}

/** Streams documents' content from the region that holds it, for the viewer whom the url was given to; access and release are decided again. */
export function createContentHandler({
  tickets,
  clients,
  decideAccess,
  isFlagged,
  credentialsOf,
  recordDocument,
  rate,
  now,
  beginTrace = () => null,
  onRefused = () => {},
  onAnswered = () => {},
  log,
}: ContentOptions): RouteHandler<string, VerifiedViewer> {
  const answer = async (request: Request, text: string, viewer: VerifiedViewer, trace: CallTrace | null, opening: Opening): Promise<Response> => {
    const refuse = (status: number, code: string, message: string, headers = {}) => {
      opening.code = code
      return createErrorResponse(request, status, fault(code, message), headers)
    }
    const refuseUnasked: typeof refuse = (status, code, ...rest) => {
      onRefused(code)
      return refuse(status, code, ...rest)
    }
    const waitSeconds = rate.take(viewer.holder.id)
    if (waitSeconds > 0) return refuseUnasked(429, 'TOO_MANY_OPERATIONS', tooOften, { 'retry-after': String(waitSeconds) })
    const ticket = tickets.parse(text, viewer.holder)
    const client = clients.find(({ region }) => region.code === ticket?.region)
    if (!ticket || !client) return refuseUnasked(404, 'CONTENT_NOT_AVAILABLE', 'Expected a content url that was given to this viewer.')
    const { requestId } = opening
    if (ticket.expiresAtMs <= now()) {
      const isRecorded = await record(request, opening, () =>
        recordDocument({ ...ticket, requestId, nhsNumber: null, decision: null, status: 'REFUSED', latencyMs: 0 }, viewer.holder),
      )
      if (isRecorded instanceof Response) return isRecorded
      return refuseUnasked(410, 'CONTENT_URL_EXPIRED', 'The content url is older than five minutes; ask for the document again.')
    }
    const access = decideAccess(ticket.region, viewer.holder, ticket.context)
    const startedAt = performance.now()
    const isPermitted = access.code === 'PERMITTED'
    const credentialsFor = withTrace(credentialsOf(viewer), trace)
    const open = async (): Promise<ContentOutcome> => {
      try {
        return await client.openContent(ticket.documentId, await credentialsFor(ticket.region, ticket.context), toContentRange(request.headers))
      } catch (error) {
        // A bug of ours, or a key that cannot be used: on the trail like any other failure.
        log('A content could not be asked for', error)
        return { status: 'UNAVAILABLE', failure: 'FAILED' }
      }
    }
    const content = isPermitted ? await open() : null
    const latencyMs = performance.now() - startedAt
    const { nhsNumber = null, decision = toRegionDecision(access) } = toRelease(content) ?? {}
    const isProtected = isLocationProtected(content, [ticket.askedNhsNumber, ...(nhsNumber === null ? [] : [nhsNumber])])
    const status = isProtected ? 'REFUSED' : toStatus(content)
    opening.asked = { region: ticket.region, status, waitMs: isPermitted ? latencyMs : 0 }
    const discard = () => {
      // undici tells a stream that is given up by an error event, which nobody else awaits here.
      if (content?.status === 'OPENED') content.body.on('error', () => {}).destroy()
    }
    const isRecorded = await record(request, opening, () =>
      recordDocument({ ...ticket, requestId: opening.requestId, nhsNumber, decision, status, latencyMs: Math.round(latencyMs) }, viewer.holder),
    )
    if (isRecorded instanceof Response) {
      discard()
      return isRecorded
    }
    if (content === null) return refuse(403, access.code, "The region's sharing rules do not let you see this document.")
    if (isProtected) {
      discard()
      return refuse(403, 'LOCATION_PROTECTED', `${contentProtectedWords}.`)
    }
    if (content.status === 'UNAVAILABLE') return refuse(503, 'REGION_UNAVAILABLE', `${client.region.applicationName} did not answer.`)
    if (content.status === 'REFUSED') {
      // RFC 9110, 15.5.17: a client whose range is refused learns the size by Content-Range.
      if (content.httpStatus === 416) return refuse(416, 'RANGE_NOT_SATISFIABLE', 'Expected a byte range within the content.', toUnsatisfied(content.contentRange))
      return refuse(content.httpStatus, 'CONTENT_NOT_AVAILABLE', 'There is no such content to show.')
    }
    const headers = { ...toPassedOn(content.headers), ...contentHeaders }
    return new Response(Readable.toWeb(content.body) as ReadableStream<Uint8Array>, { status: content.httpStatus, headers })
  }
  /** A response instead where the trail cannot be written: nothing may leave then. */
  const record = async (request: Request, opening: Opening, write: () => Promise<void>): Promise<Response | null> => {
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
   * The region's rules give the content, but a region flags the patient, or the store says itself that their location is protected. A region that has
   * told nobody whom it flags said of this patient, when the url was given, that they are not. What rules refuse stays refused in words that tell no flag.
   */
  const isLocationProtected = (content: ContentOutcome | null, nhsNumbers: readonly string[]): boolean => {
    if (content?.status === 'REFUSED') return content.httpStatus === 403
    if (content?.status !== 'OPENED') return false
    return clients.some(({ region }) => nhsNumbers.some((nhsNumber) => isFlagged(region.code, nhsNumber) === true))
  }
  return async (request, { match, caller }) => {
    const trace = beginTrace('GET', match.route.template, toTraceHeaders(request.headers), performance.now())
    const opening: Opening = { requestId: randomUUID(), startedAtMs: now(), beganAtMs: performance.now(), code: null, asked: null }
    const response = await answer(request, match.parameter, caller, trace, opening).catch((error: unknown) => {
      log('A content could not be opened', error)
      opening.code = 'INTERNAL'
      return createErrorResponse(request, 500, fault('INTERNAL', 'Something went wrong here; it has been recorded.'))
    })
    trace?.responded(response.status)
    onAnswered(toObservation(opening, response.status))
    return response
  }
}

/** What becomes of one request for content. */
interface Opening {
  readonly requestId: string
  /** Milliseconds since 1970, and by performance.now. */
  readonly startedAtMs: number
  readonly beganAtMs: number
  /** Of the refusal or failure. */
  code: string | null
  /** The region, and how it fared. */
  asked: { readonly region: string; readonly status: RegionStatus; readonly waitMs: number } | null
}

/** As a request's line in the log has it; the time is until the content begins. */
function toObservation({ requestId, startedAtMs, beganAtMs, code, asked }: Opening, status: number): Parameters<ObserveRequest>[0] {
  const durationMs = performance.now() - beganAtMs
  const outcome: RequestOutcome = status >= 500 ? 'FAILED' : status >= 400 ? 'REFUSED' : 'DONE'
  const regionsMs = asked?.waitMs ?? 0
  return {
    requestId,
    operation: 'content',
    startedAtMs,
    durationMs,
    gatewayMs: durationMs - regionsMs,
    outcome,
    ...(code === null ? {} : { code }),
    stages: { planMs: 0, accessMs: 0, regionsMs, assembleMs: 0, auditMs: 0 },
    regions: asked ? [{ ...asked, fromCache: false }] : [],
  }
}

/** A Range header that a region is to see. Null: the whole is asked for, as where If-Range is no strong entity tag (RFC 9110, 13.1.5). */
function toContentRange(headers: Headers): ContentRange | null {
  const range = headers.get('range')
  const ifRange = headers.get('if-range')
  if (!isByteRange(range) || (ifRange !== null && !passedOn.etag?.test(ifRange))) return null
  return { range, ifRange }
}

function toPassedOn(answered: Readonly<Record<string, string | string[] | undefined>>): Readonly<Record<string, string>> {
  const known = Object.entries(passedOn).flatMap(([name, form]) => {
    const value = answered[name]
    return typeof value === 'string' && form.test(value) ? [[name, value] as const] : []
  })
  const contentType = answered['content-type']
  return { ...Object.fromEntries(known), 'content-type': toContentType(typeof contentType === 'string' ? contentType : '') }
}

/** The size alone, as `bytes` with a star and the size; no header where the region states none. */
function toUnsatisfied(contentRange: string | null): Readonly<Record<string, string>> {
  return contentRange !== null && /^bytes \*\/\d{1,15}$/.test(contentRange) ? { 'content-range': contentRange } : {}
}

function toRelease(content: ContentOutcome | null): ContentRelease | null {
  return content === null || content.status === 'UNAVAILABLE' ? null : content.release
}

/** What came of it, for the audit trail; null: the region was not asked. */
function toStatus(content: ContentOutcome | null): RegionStatus {
  if (content === null) return 'REFUSED'
  if (content.status === 'OPENED') return 'ANSWERED'
  if (content.status === 'UNAVAILABLE') return content.failure
  const decided = content.release ? statusOf[content.release.decision.code] : 'ANSWERED'
  return decided === 'ANSWERED' ? 'NOT_KNOWN' : decided
}
