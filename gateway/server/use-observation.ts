import type { ServerResponse } from 'node:http'
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
