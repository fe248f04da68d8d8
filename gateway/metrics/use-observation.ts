import type { ServerResponse } from 'node:http'
import { getOperationAST } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { VisitedGateway } from '../http/use-bearer-token.ts'
import { toTraceHeaders } from '../tracing/request-traces.ts'
import { printServerTiming, serverTimingHeader } from './print-server-timing.ts'
import type { RequestObserver } from './request-observer.ts'
import type { RequestRecorder } from './request-recorder.ts'

/** What of a request is being noted before it came to yoga; whoever began it disposes of it. */
export interface Observed {
  readonly recorder?: RequestRecorder
}

/** What yoga's server context holds of a request that came by a socket. */
interface Reply {
  readonly res?: ServerResponse
}

export interface ObservationOptions {
  readonly requests: RequestObserver
  /** The label of a document's text. */
  readonly nameOf: (text: string) => string
}

/** Notes operations that come to yoga, and what came of them. First of the plugins, but for what sees errors: after that which makes them safe. */
export function useObservation({ requests, nameOf }: ObservationOptions): Plugin<Observed, VisitedGateway & Observed & Reply> {
  /** Of requests without a socket. */
  const begun = new WeakMap<object, RequestRecorder>()
  return {
    onRequest({ request, serverContext }) {
      if (serverContext.visit.match.name !== 'graphql' || serverContext.recorder) return
      const recorder = requests.begin(performance.now(), toTraceHeaders(request.headers))
      Object.assign(serverContext, { recorder })
      // Also where who asks hangs up, and nothing is answered.
      if (serverContext.res) serverContext.res.once('close', () => recorder[Symbol.dispose]())
      else begun.set(serverContext, recorder)
    },
    onExecute({ args: { document, operationName, contextValue } }) {
      const { recorder } = contextValue
      if (!recorder) return
      recorder.operation = nameOf(document.loc?.source.body ?? '')
      recorder.operationType = getOperationAST(document, operationName)?.operation ?? null
    },
    onResponse({ response, serverContext }) {
      const { recorder, visit } = serverContext
      if (!recorder) return
      recorder.trace?.answering(response.status)
      if (visit.isAdmitted) response.headers.set(serverTimingHeader, printServerTiming(recorder))
      if (response.status >= 400) recorder.ended(response.status === 500 ? 'FAILED' : 'REFUSED')
      begun.get(serverContext)?.[Symbol.dispose]()
    },
  }
}
