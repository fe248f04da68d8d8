import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DocumentNode } from 'graphql'
import type { VerifiedViewer } from '../../schema/access-token.ts'
import { sendError } from '../../schema/service/error-response.ts'
import type { FindMissingScope } from '../../schema/service/field-scopes.ts'
import type { RoutedListener } from '../../schema/service/front-door.ts'
import type { GatewayRoute } from '../../schema/service/routes.ts'
import { printServerTiming, serverTimingHeader } from '../observability/metrics/print-server-timing.ts'
import type { RequestObserver } from '../observability/metrics/request-observer.ts'
import type { RequestRecorder } from '../observability/metrics/request-recorder.ts'
import type { Executor, StartedOperation } from '../operation/execute-operation.ts'
import type { ResponseCache } from '../operation/response-cache.ts'
import { planHeader } from '../operation/use-plan-extension.ts'
import { ResponseDependencies } from '../request/response-dependencies.ts'
import type { VerifyConnectionViewer } from './connection-viewers.ts'
import type { DocumentReader } from './document-reader.ts'
import type { AdmissionContext, AdmittedOperation, OperationGate } from './operation-gate.ts'
import type { TrustedDocuments } from './trusted-documents.ts'
import type { GatewayRequest, GatewayServerContext } from './use-bearer-token.ts'
import type { ObservedRequest } from './use-observation.ts'

export interface AnswerFromPlanOptions {
  readonly read: DocumentReader
  readonly operationGate: OperationGate
  readonly executor: Pick<Executor, 'print'>
  readonly verifyConnectionViewer: VerifyConnectionViewer
  readonly maxBodyBytes: number
  readonly trustedDocuments: TrustedDocuments
  readonly findMissingScope: FindMissingScope
  /** The context of the resolvers. `origin` is the gateway's own address as the viewer reached it. */
  readonly createContext: (
    viewer: VerifiedViewer,
    origin: string,
    noted: { readonly recorder: RequestRecorder; readonly dependencies: ResponseDependencies },
  ) => object
  readonly responseCache: ResponseCache
  readonly requests: RequestObserver
  /** Answers every request that is not a plain GraphQL POST. */
  readonly answerOthers: RoutedListener<GatewayRoute, VerifiedViewer>
  /** Completes operations that began here but need graphql-js. */
  readonly yoga: {
    handleRequest(
      request: Request,
      context: GatewayServerContext & StartedOperation & AdmissionContext & ObservedRequest,
    ): Response | Promise<Response>
  }
}

/**
 * Answers the usual request, a POST of a known query with a valid token, without yoga: node's request goes straight
 * to the plan.
 * This saves the Request, Response and hooks that yoga creates for each request. Anything unusual goes to yoga,
 * unread or with the results so far, so the two paths differ in time only.
 */
export function answerFromPlan(options: AnswerFromPlanOptions): RoutedListener<GatewayRoute, VerifiedViewer> {
  const { answerOthers } = options
  return (request, response, visit) => {
    const arrivedMs = performance.now()
    const mediaType = visit.match.name === 'graphql' ? toPlainMediaType(request, options) : null
    if (mediaType === null) answerOthers(request, response, visit)
    else answer(request, response, { mediaType, arrivedMs, visit }, options).catch(() => response.destroy())
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { mediaType, arrivedMs, visit }: PlainRequest,
  options: AnswerFromPlanOptions,
) {
  const {
    operationGate,
    executor,
    verifyConnectionViewer,
    trustedDocuments,
    createContext,
    responseCache,
    requests,
    answerOthers,
    yoga,
  } = options
  const viewer = await verifyConnectionViewer(request)
  // An unverified request's body is not read; yoga answers why it is refused.
  if (!viewer) return answerOthers(request, response, visit)
  visit.admit(viewer)
  using recorder = requests.startRequest(arrivedMs, request.headers)
  const body = await readText(request).catch((cause) => {
    recorder.recordError('REFUSED')
    throw cause
  })
  using admitted = operationGate.admit(viewer.holder.id)
  if (admitted.refusal) {
    const code = String(admitted.refusal.extensions.code)
    recorder.recordError('REFUSED', code)
    requests.countRefusal(code)
    sendError(request, response, admitted.refusal)
    recorder.trace?.setHttpStatus(response.statusCode)
    return
  }
  const cached = await responseCache.get(viewer.holder, body, recorder)
  if (cached) {
    recorder.operation = trustedDocuments.findName(cached.query)
    recorder.operationType = 'query'
    return sendJson(response, mediaType, cached.bytes, recorder)
  }
  const requested = toRequestedOperation(body, trustedDocuments)
  const document = requested && toAcceptedDocument(requested, viewer, admitted, options)
  if (document) recorder.operation = trustedDocuments.findName(requested.query)
  const dependencies = new ResponseDependencies()
  const planOutcome =
    document &&
    (await executor.print({
      document,
      operationName: requested.operationName,
      variableValues: requested.variables,
      contextValue: createContext(viewer, visit.origin, { recorder, dependencies }),
    }))
  if (planOutcome && 'data' in planOutcome) {
    // Mutations have no plan, so a planned operation is a query.
    recorder.operationType = 'query'
    const text = `{"data":${planOutcome.data}}`
    // Only a response made wholly of cacheable replies is cached.
    if (planOutcome.dependsOnRequest || dependencies.rootFields.length < planOutcome.roots)
      return sendJson(response, mediaType, text, recorder)
    const bytes = Buffer.from(text)
    responseCache.set(viewer.holder, body, { bytes, query: requested.query, dependencies: dependencies.rootFields })
    return sendJson(response, mediaType, bytes, recorder)
  }
  const yogaRequest = new Request(`${visit.origin}${visit.match.route.template}`, {
    method: 'POST',
    headers: toHeaders(request),
    body,
  })
  const yogaResponse = await yoga.handleRequest(yogaRequest, {
    routed: visit,
    admittedOperation: admitted,
    recorder,
    ...(planOutcome ? { rootResults: planOutcome.results } : {}),
  })
  response.writeHead(yogaResponse.status, Object.fromEntries(yogaResponse.headers))
  response.end(await yogaResponse.text())
}

/** A plain request: the media type of its answer, and when its headers arrived (milliseconds of performance.now()). */
interface PlainRequest {
  readonly mediaType: string
  readonly arrivedMs: number
  readonly visit: GatewayRequest
}

/** The media type of an answer without errors, by the Accept header (GraphQL over HTTP, Media Types). */
const mediaTypes: Readonly<Record<string, string>> = {
  '*/*': 'application/json; charset=utf-8',
  'application/json': 'application/json; charset=utf-8',
  'application/graphql-response+json': 'application/graphql-response+json; charset=utf-8',
}

function toPlainMediaType({ headers }: IncomingMessage, { maxBodyBytes }: AnswerFromPlanOptions): string | null {
  const isPlain = headers['content-type'] === 'application/json' && !headers['content-encoding'] && !headers[planHeader]
  const length = Number(headers['content-length'] ?? Number.NaN)
  return isPlain && length <= maxBodyBytes ? (mediaTypes[headers.accept ?? ''] ?? null) : null
}

/** Reads the body, whose length the client stated and the caller bounded. Rejects when the client disconnects. */
function readText(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () =>
      resolve((chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)).toString('utf8')),
    )
    request.on('error', reject)
    request.on('aborted', () => reject(new Error('the request was aborted')))
  })
}

interface RequestedOperation {
  readonly query: string
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
}

const knownParameters = new Set(['query', 'documentId', 'operationName', 'variables'])

/** Parses a body into an operation; null when it is malformed or not admitted, which yoga then refuses. */
function toRequestedOperation(body: string, { findText, admits }: TrustedDocuments): RequestedOperation | null {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return null
  }
  if (
    typeof json !== 'object' ||
    json === null ||
    Array.isArray(json) ||
    Object.keys(json).some((key) => !knownParameters.has(key))
  )
    return null
  const { query, documentId, operationName = null, variables = null } = json as Readonly<Record<string, unknown>>
  const text = typeof documentId === 'string' && query === undefined ? findText(documentId) : query
  if (typeof text !== 'string' || !admits(text) || (operationName !== null && typeof operationName !== 'string'))
    return null
  if (typeof variables !== 'object' || Array.isArray(variables)) return null
  return { query: text, operationName, variables: (variables ?? {}) as RequestedOperation['variables'] }
}

/**
 * Returns the document if the token has its scopes and the operation is within its cost, which is charged. Null: yoga
 * refuses it.
 */
function toAcceptedDocument(
  { query, operationName, variables }: RequestedOperation,
  { holder }: VerifiedViewer,
  admitted: AdmittedOperation,
  { read, findMissingScope }: AnswerFromPlanOptions,
): DocumentNode | null {
  const reading = read(query)
  if (reading.status !== 'accepted' || findMissingScope(reading.document, operationName, holder) !== null) return null
  return reading.checkCost(operationName, variables, (cost) => admitted.charge(cost)) === null ? reading.document : null
}

function sendJson(
  response: ServerResponse,
  mediaType: string,
  answer: string | Buffer,
  recorder: RequestRecorder,
): void {
  const length = Buffer.byteLength(answer)
  recorder.trace?.setHttpStatus(200)
  response.writeHead(200, {
    'content-type': mediaType,
    'content-length': length,
    'cache-control': 'no-store',
    [serverTimingHeader]: printServerTiming(recorder),
  })
  if (typeof answer !== 'string') response.end(answer)
  // Node writes ASCII, which most answers are, without encoding it.
  else response.end(answer, length === answer.length ? 'latin1' : 'utf8')
}

function toHeaders({ headers }: IncomingMessage): Headers {
  return new Headers(
    Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as [string, string]] : [],
    ),
  )
}
