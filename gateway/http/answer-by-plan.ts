import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DocumentNode } from 'graphql'
import type { FindMissingScope } from '../../schema/http/field-scopes.ts'
import type { RoutedListener } from '../../schema/http/front-door.ts'
import type { GatewayRoute } from '../../schema/http/routes.ts'
import { sendError } from '../../schema/http/send-error.ts'
import type { Executor } from '../execution/execute-operation.ts'
import type { Begun } from '../execution/use-executor.ts'
import type { DocumentReader } from '../limits/document-reader.ts'
import type { Entered, Entrance } from '../limits/entrance.ts'
import type { LetIn } from '../limits/use-entrance.ts'
import { printServerTiming, serverTimingHeader } from '../metrics/print-server-timing.ts'
import type { RequestObserver } from '../metrics/request-observer.ts'
import type { RequestRecorder } from '../metrics/request-recorder.ts'
import type { Observed } from '../metrics/use-observation.ts'
import type { Admission } from './admission.ts'
import { AnswerBasis } from './answer-basis.ts'
import type { ViewerOf } from './connection-viewers.ts'
import type { KeptAnswers } from './kept-answers.ts'
import type { GatewayVisit, VerifiedViewer, VisitedGateway } from './use-bearer-token.ts'
import { planHeader } from './use-shown-plan.ts'

export interface AnswerByPlanOptions {
  readonly read: DocumentReader
  readonly entrance: Entrance
  readonly executor: Pick<Executor, 'print'>
  readonly viewerOf: ViewerOf
  readonly maxBodyBytes: number
  readonly admission: Admission
  readonly findMissingScope: FindMissingScope
  /** What resolvers are given. `origin` is the gateway's own address, as the viewer reached it. */
  readonly contextOf: (viewer: VerifiedViewer, origin: string, noted: { readonly recorder: RequestRecorder; readonly basis: AnswerBasis }) => object
  readonly keptAnswers: KeptAnswers
  readonly requests: RequestObserver
  /** All else goes here. */
  readonly answerOthers: RoutedListener<GatewayRoute, VerifiedViewer>
  /** What has begun here goes on there. */
  readonly yoga: { handleRequest(request: Request, context: VisitedGateway & Begun & LetIn & Observed): Response | Promise<Response> }
}

/**
 * The usual request, a POST of a known query with a valid token, goes from node's request to its plan and back, without the Request,
 * Response and hooks that yoga makes for every other. What is unusual in any way is yoga's, unread or with what is begun; so the two differ in time
 * alone.
 */
export function answerByPlan(options: AnswerByPlanOptions): RoutedListener<GatewayRoute, VerifiedViewer> {
  const { answerOthers } = options
  return (request, response, visit) => {
    const arrivedMs = performance.now()
    const media = visit.match.name === 'graphql' ? toUsualMedia(request, options) : null
    if (media === null) answerOthers(request, response, visit)
    else answer(request, response, { media, arrivedMs, visit }, options).catch(() => response.destroy())
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, { media, arrivedMs, visit }: Usual, options: AnswerByPlanOptions) {
  const { entrance, executor, viewerOf, admission, contextOf, keptAnswers, requests, answerOthers, yoga } = options
  const viewer = await viewerOf(request)
  // Nothing is read of who may not ask; yoga says why.
  if (!viewer) return answerOthers(request, response, visit)
  visit.admit(viewer)
  using recorder = requests.begin(arrivedMs, request.headers)
  const body = await readText(request).catch((cause) => {
    recorder.ended('REFUSED')
    throw cause
  })
  using entered = entrance.enter(viewer.holder.id)
  if (entered.refusal) {
    const code = String(entered.refusal.extensions.code)
    recorder.ended('REFUSED', code)
    requests.refused(code)
    sendError(request, response, entered.refusal)
    recorder.trace?.answering(response.statusCode)
    return
  }
  const kept = await keptAnswers.again(viewer.holder, body, recorder)
  if (kept) {
    recorder.operation = admission.nameOf(kept.query)
    recorder.operationType = 'query'
    return send(response, media, kept.bytes, recorder)
  }
  const asked = toAskedOperation(body, admission)
  const document = asked && toDocument(asked, viewer, entered, options)
  if (document) recorder.operation = admission.nameOf(asked.query)
  const basis = new AnswerBasis()
  const planned =
    document &&
    (await executor.print({ document, operationName: asked.operationName, variableValues: asked.variables, contextValue: contextOf(viewer, visit.origin, { recorder, basis }) }))
  if (planned && 'data' in planned) {
    // What else there is has no plan.
    recorder.operationType = 'query'
    const text = `{"data":${planned.data}}`
    // Made of replies that are kept, and of nothing else.
    if (planned.asksRequest || basis.parts.length < planned.roots) return send(response, media, text, recorder)
    const bytes = Buffer.from(text)
    keptAnswers.keep(viewer.holder, body, { bytes, query: asked.query, parts: basis.parts })
    return send(response, media, bytes, recorder)
  }
  const whole = new Request(`${visit.origin}${visit.match.route.template}`, { method: 'POST', headers: toHeaders(request), body })
  const answered = await yoga.handleRequest(whole, { visit, letIn: entered, recorder, ...(planned ? { rootResults: planned.results } : {}) })
  response.writeHead(answered.status, Object.fromEntries(answered.headers))
  response.end(await answered.text())
}

/** A usual request: the media type of its answer, and when its head was there. */
interface Usual {
  readonly media: string
  readonly arrivedMs: number
  readonly visit: GatewayVisit
}

/** By what a client accepts, the media type of an answer without errors (GraphQL over HTTP). */
const mediaTypes: Readonly<Record<string, string>> = {
  '*/*': 'application/json; charset=utf-8',
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
}

function toUsualMedia({ headers }: IncomingMessage, { maxBodyBytes }: AnswerByPlanOptions): string | null {
  const isUsual = headers['content-type'] === 'application/json' && !headers['content-encoding'] && !headers[planHeader]
  const length = Number(headers['content-length'] ?? Number.NaN)
  return isUsual && length <= maxBodyBytes ? (mediaTypes[headers.accept ?? ''] ?? null) : null
}

/** The body, whose length was stated and is bounded. Rejects where the sender goes away. */
function readText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve((chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString('utf8')))
    request.on('error', reject)
    request.on('aborted', () => reject(new Error('the request was aborted')))
  })
}

interface AskedText {
  readonly query: string
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
}

const known = new Set(['query', 'documentId', 'operationName', 'variables'])

/** What a body asks, where it asks as bodies do; null is yoga's to refuse. */
function toAskedOperation(body: string, { textOf, admits }: Admission): AskedText | null {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return null
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json) || Object.keys(json).some((key) => !known.has(key))) return null
  const { query, documentId, operationName = null, variables = null } = json as Readonly<Record<string, unknown>>
  const text = typeof documentId === 'string' && query === undefined ? textOf(documentId) : query
  if (typeof text !== 'string' || !admits(text) || (operationName !== null && typeof operationName !== 'string')) return null
  if (typeof variables !== 'object' || Array.isArray(variables)) return null
  return { query: text, operationName, variables: (variables ?? {}) as AskedText['variables'] }
}

/** The document, where the token has its scopes, and it and its variables are within the limits and charged for; null is yoga's to refuse. */
function toDocument(
  { query, operationName, variables }: AskedText,
  { holder }: VerifiedViewer,
  entered: Entered,
  { read, findMissingScope }: AnswerByPlanOptions,
): DocumentNode | null {
  const reading = read(query)
  if (reading.status !== 'accepted' || findMissingScope(reading.document, operationName, holder) !== null) return null
  return reading.findExcess(operationName, variables, (cost) => entered.charge(cost)) === null ? reading.document : null
}

function send(response: ServerResponse, media: string, answer: string | Buffer, recorder: RequestRecorder): void {
  const length = Buffer.byteLength(answer)
  recorder.trace?.answering(200)
  response.writeHead(200, { 'content-type': media, 'content-length': length, 'cache-control': 'no-store', [serverTimingHeader]: printServerTiming(recorder) })
  if (typeof answer !== 'string') response.end(answer)
  // ASCII, as most answers are, is sent without being encoded.
  else response.end(answer, length === answer.length ? 'latin1' : 'utf8')
}

function toHeaders({ headers }: IncomingMessage): Headers {
  return new Headers(Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as [string, string]] : [])))
}
