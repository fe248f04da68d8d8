import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DocumentNode } from 'graphql'
import type { TokenHolder, VerifiedViewer } from '../../schema/access-token.ts'
import { sendError } from '../../schema/service/error-response.ts'
import type { RoutedListener } from '../../schema/service/front-door.ts'
import type { GatewayRoute } from '../../schema/service/routes.ts'
import { printServerTiming, serverTimingHeader } from '../observability/metrics/print-server-timing.ts'
import type { RequestObserver } from '../observability/metrics/request-observer.ts'
import type { RequestRecorder } from '../observability/metrics/request-recorder.ts'
import type { Executor, StartedOperation } from '../operation/execute-operation.ts'
import type { ResponseCache } from '../operation/response-cache.ts'
import { planHeader } from '../operation/use-plan-extension.ts'
import type { CreateRequestContext } from '../request/request-context.ts'
import { ResponseDependencies } from '../request/response-dependencies.ts'
import type { Authenticate, GatewayRequest, GatewayServerContext } from './authentication.ts'
import type { AdmissionContext, AdmittedOperation, OperationGate } from './operation-gate.ts'
import type { OperationReader } from './operation-reader.ts'
import type { ObservedRequest } from './use-observation.ts'

export interface AnswerFromPlanOptions {
  readonly authenticate: Authenticate
  readonly operationReader: OperationReader
  readonly operationGate: OperationGate
  readonly executor: Pick<Executor, 'print'>
  readonly maxBodyBytes: number
  /** Returns the name of the published operation with this text, or `other`. */
  readonly toOperationName: (text: string) => string
  readonly createRequestContext: CreateRequestContext
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
    authenticate,
    operationGate,
    operationReader,
    executor,
    toOperationName,
    createRequestContext,
    responseCache,
    requests,
    answerOthers,
    yoga,
  } = options
  const refusal = await authenticate(visit, {
    authorization: request.headers.authorization,
    connection: request.socket,
  })
  // An unverified request's body is not read; yoga answers with the refusal, which authentication keeps.
  if (refusal) return answerOthers(request, response, visit)
  const viewer = visit.caller
  using recorder = requests.startRequest(arrivedMs, request.headers)
  const bytes = await readBytes(request).catch((cause) => {
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
  // Other bytes are not JSON (RFC 8259, section 8.1); yoga refuses them.
  const body = isUtf8(bytes) ? bytes.toString('utf8') : null
  const cached = body === null ? null : await responseCache.get(viewer.holder, body, recorder)
  if (cached) {
    recorder.operation = toOperationName(cached.query)
    recorder.operationType = 'query'
    return sendJson(response, mediaType, cached.bytes, recorder)
  }
  const requested = body === null ? null : toPlannedOperation(body, operationReader)
  const document = requested && toAcceptedDocument(requested, { holder: viewer.holder, admitted }, operationReader)
  if (document) recorder.operation = toOperationName(requested.query)
  const dependencies = new ResponseDependencies()
  const planOutcome =
    document &&
    (await executor.print({
      document,
      operationName: requested.operationName,
      variableValues: requested.variables,
      contextValue: createRequestContext({ viewer, origin: visit.origin, recorder, dependencies, showsPlan: false }),
    }))
  if (planOutcome && 'data' in planOutcome) {
    // Mutations have no plan, so a planned operation is a query.
    recorder.operationType = 'query'
    const text = `{"data":${planOutcome.data}}`
    // Only a response made wholly of cacheable replies is cached.
    if (planOutcome.dependsOnRequest || dependencies.rootFields.length < planOutcome.roots)
      return sendJson(response, mediaType, text, recorder)
    const answer = Buffer.from(text)
    responseCache.set(viewer.holder, requested.body, {
      bytes: answer,
      query: requested.query,
      dependencies: dependencies.rootFields,
    })
    return sendJson(response, mediaType, answer, recorder)
  }
  const yogaRequest = new Request(`${visit.origin}${visit.match.route.template}`, {
    method: 'POST',
    headers: toHeaders(request),
    body: bytes,
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
function readBytes(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer<ArrayBuffer>[] = []
    request.on('data', (chunk: Buffer<ArrayBuffer>) => chunks.push(chunk))
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', reject)
    request.on('aborted', () => reject(new Error('the request was aborted')))
  })
}

/** An operation that may have a plan, as the body asks for it. */
interface PlannedOperation {
  readonly body: string
  readonly query: string
  readonly operationName: string | null
  readonly variables: Readonly<Record<string, unknown>>
}

const knownParameters = new Set(['query', 'documentId', 'operationName', 'variables'])

/** Parses a body into an operation; null when it is malformed or its document is refused, which yoga then answers. */
function toPlannedOperation(body: string, { findText }: OperationReader): PlannedOperation | null {
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
  const text = findText({ query, documentId })
  if (typeof text !== 'string' || (operationName !== null && typeof operationName !== 'string')) return null
  if (typeof variables !== 'object' || Array.isArray(variables)) return null
  return { body, query: text, operationName, variables: (variables ?? {}) as PlannedOperation['variables'] }
}

/** Returns the document if the reader accepts it and the viewer may execute it. Null: yoga answers why not. */
function toAcceptedDocument(
  { query, operationName, variables }: PlannedOperation,
  { holder, admitted }: { readonly holder: TokenHolder; readonly admitted: AdmittedOperation },
  { read, findRefusal }: OperationReader,
): DocumentNode | null {
  const reading = read(query)
  if (reading.status !== 'accepted') return null
  return findRefusal(reading, { operationName, variables, holder, admitted }) === null ? reading.document : null
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
