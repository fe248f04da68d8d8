import type { ServerResponse } from 'node:http'
import type { GraphQLError } from 'graphql'
import { getOperationAST } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { printServerTiming, serverTimingHeader } from '../observability/metrics/print-server-timing.ts'
import type { RequestObserver } from '../observability/metrics/request-observer.ts'
import type { RequestRecorder } from '../observability/metrics/request-recorder.ts'
import { toTraceHeaders } from '../observability/tracing/trace-starter.ts'
import type { GatewayServerContext } from './authentication.ts'

/** A request whose recorder was created before it reached yoga; the code that created it disposes of it. */
export interface ObservedRequest {
  readonly recorder?: RequestRecorder
}

/** The part of yoga's server context that a request from a socket has. */
interface Reply {
  readonly res?: ServerResponse
}

export interface ObservationOptions {
  readonly requests: RequestObserver
  /** Returns the metrics label of a document's text. */
  readonly toOperationName: (text: string) => string
}

/** Records operations that reach yoga, and their outcome. It is the first plugin, so that it sees every refusal. */
export function useObservation({
  requests,
  toOperationName,
}: ObservationOptions): Plugin<ObservedRequest, GatewayServerContext & ObservedRequest & Reply> {
  /** The recorders of requests without a socket. */
  const recorders = new WeakMap<object, RequestRecorder>()
  return {
    onRequest({ request, serverContext }) {
      if (serverContext.routed.match.name !== 'graphql' || serverContext.recorder) return
      const recorder = requests.startRequest(performance.now(), toTraceHeaders(request.headers))
      Object.assign(serverContext, { recorder })
      // `close` also fires when the client disconnects before the answer.
      if (serverContext.res) serverContext.res.once('close', () => recorder[Symbol.dispose]())
      else recorders.set(serverContext, recorder)
    },
    onExecute({ args: { document, operationName, contextValue } }) {
      const { recorder } = contextValue
      if (!recorder) return
      recorder.operation = toOperationName(document.loc?.source.body ?? '')
      recorder.operationType = getOperationAST(document, operationName)?.operation ?? null
    },
    onResponse({ response, serverContext }) {
      const { recorder, routed } = serverContext
      if (!recorder) return
      recorder.trace?.setHttpStatus(response.status)
      if (routed.isAdmitted) response.headers.set(serverTimingHeader, printServerTiming(recorder))
      if (response.status >= 400) recorder.recordError(response.status === 500 ? 'FAILED' : 'REFUSED')
      recorders.get(serverContext)?.[Symbol.dispose]()
    },
  }
}

/**
 * Records the errors of results after useSafeErrors: a result without data or with the client's errors only counts as
 * refused, any other as failed.
 */
export function useObservedErrors({ countRefusal: refused }: RequestObserver): Plugin<object, ObservedRequest> {
  return {
    onResultProcess({ result, serverContext: { recorder } }) {
      if (Array.isArray(result) || !('errors' in result) || !result.errors) return
      const codes = new Set((result.errors as readonly GraphQLError[]).map(({ extensions }) => String(extensions.code)))
      const isRefused = !('data' in result) || codes.isSubsetOf(clientErrorCodes)
      const [first] = isRefused ? codes : codes.difference(clientErrorCodes)
      recorder?.recordError(isRefused ? 'REFUSED' : 'FAILED', first)
      if (isRefused) for (const code of codes) refused(code)
    },
  }
}

/** Codes of errors that state a refusal or a client's mistake; no part of the service failed. */
export const clientErrorCodes: ReadonlySet<string> = new Set([
  'BAD_CURSOR',
  'BAD_USER_INPUT',
  'BAD_WEEK',
  'FIRST_OUT_OF_RANGE',
  'FORBIDDEN',
  'INVALID_DATE',
  'INVALID_DECIMAL',
  'INVALID_NHS_NUMBER',
  'JUSTIFICATION_TOO_LONG',
  'JUSTIFICATION_TOO_SHORT',
  'NOTE_TOO_LONG',
  'TOO_MANY_PATIENTS',
])
