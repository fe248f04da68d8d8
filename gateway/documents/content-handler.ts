import { Readable } from 'node:stream'
import { GraphQLError } from 'graphql'
import type { RegionStatus } from '../../schema/generated/patient-view.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { createErrorResponse } from '../../schema/http/error-response.ts'
import type { ContentRelease } from '../../schema/http/release-header.ts'
import type { RouteHandler } from '../../schema/http/use-route-handlers.ts'
import type { DecideAccess } from '../consent/decide-access.ts'
import type { IsFlagged } from '../consent/flagged-patients.ts'
import type { VerifiedViewer } from '../http/use-bearer-token.ts'
import type { ViewerRate } from '../limits/viewer-rate.ts'
import type { AccessRecorder } from '../record-access.ts'
import type { CallTrace } from '../regions/call-trace.ts'
import type { ContentOutcome, RegionClient } from '../regions/region-client.ts'
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
const passedOn = ['content-type', 'content-length', 'content-range', 'accept-ranges', 'etag'] as const

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
}: ContentOptions): RouteHandler<string, VerifiedViewer> {
  const answer = async (request: Request, text: string, viewer: VerifiedViewer, trace: CallTrace | null): Promise<Response> => {
    const refuse = (status: number, code: string, message: string, headers = {}) => createErrorResponse(request, status, fault(code, message), headers)
    const refuseUnasked: typeof refuse = (status, code, ...rest) => {
      onRefused(code)
      return refuse(status, code, ...rest)
    }
    const waitSeconds = rate.take(viewer.holder.id)
    if (waitSeconds > 0) return refuseUnasked(429, 'TOO_MANY_OPERATIONS', tooOften, { 'retry-after': String(waitSeconds) })
    const ticket = tickets.parse(text, viewer.holder)
    const client = clients.find(({ region }) => region.code === ticket?.region)
    if (!ticket || !client) return refuseUnasked(404, 'CONTENT_NOT_AVAILABLE', 'Expected a content url that was given to this viewer.')
    if (ticket.expiresAtMs <= now()) return refuseUnasked(410, 'CONTENT_URL_EXPIRED', 'The content url is older than five minutes; ask for the document again.')
    const access = decideAccess(ticket.region, viewer.holder, ticket.context)
    const startedAt = performance.now()
    const isPermitted = access.code === 'PERMITTED'
    const credentialsFor = withTrace(credentialsOf(viewer), trace)
    const content = isPermitted ? await client.openContent(ticket.documentId, await credentialsFor(ticket.region, ticket.context), request.headers.get('range')) : null
    const { nhsNumber = null, decision = toRegionDecision(access) } = toRelease(content) ?? {}
    const isProtected = isLocationProtected(content, [ticket.askedNhsNumber, ...(nhsNumber === null ? [] : [nhsNumber])])
    const discard = () => {
      // undici tells a stream that is given up by an error event, which nobody else awaits here.
      if (content?.status === 'OPENED') content.body.on('error', () => {}).destroy()
    }
    try {
      const status = isProtected ? 'REFUSED' : toStatus(content)
      await recordDocument({ ...ticket, nhsNumber, decision, status, latencyMs: Math.round(performance.now() - startedAt) }, viewer.holder)
    } catch (error) {
      discard()
      if (error instanceof GraphQLError) return createErrorResponse(request, 503, error)
      throw error
    }
    if (content === null) return refuse(403, access.code, "The region's sharing rules do not let you see this document.")
    if (isProtected) {
      discard()
      return refuse(403, 'LOCATION_PROTECTED', `${contentProtectedWords}.`)
    }
    if (content.status === 'UNAVAILABLE') return refuse(503, 'REGION_UNAVAILABLE', `${client.region.applicationName} did not answer.`)
    if (content.status === 'REFUSED')
      return refuse(content.httpStatus, content.httpStatus === 416 ? 'RANGE_NOT_SATISFIABLE' : 'CONTENT_NOT_AVAILABLE', 'There is no such content to show.')
    const headers = Object.fromEntries(passedOn.flatMap((name) => (content.headers[name] === undefined ? [] : [[name, content.headers[name]]])))
    return new Response(Readable.toWeb(content.body) as ReadableStream<Uint8Array>, { status: content.httpStatus, headers: { ...headers, ...contentHeaders } })
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
    const response = await answer(request, match.parameter, caller, trace)
    trace?.responded(response.status)
    return response
  }
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
