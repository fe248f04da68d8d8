import type { JWTVerifyGetKey } from 'jose'
import { AssertionRejected, assertionHeader } from '../../schema/assertion.ts'
import { createFeedAssertionVerifier } from '../../schema/feed-assertion.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { createErrorResponse } from '../../schema/service/error-response.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'
import type { RouteHandler } from '../../schema/service/use-route-handlers.ts'
import type { RecordStore } from '../store/record-store.ts'
import { createChangePoller } from './change-poller.ts'
import { type ChangeStream, createChangeStream } from './change-stream.ts'

export interface ChangeFeedHandlerOptions {
  readonly store: RecordStore
  /** RegionCode that an assertion must be for. */
  readonly region: string
  /** Of the rules that the store decides by. */
  readonly policyVersion: string
  /** Keys of the gateways that may listen. */
  readonly gatewayKeys: JWTVerifyGetKey
  /** Ends every feed: none keeps the service from closing. */
  readonly closing: AbortSignal
  /** Told how many listen, whenever that changes. */
  readonly onListeners?: (count: number) => void
  readonly now: () => number
  readonly log: ServiceLog
}

/** Tells gateways, as server-sent events, what was committed to the store: from Last-Event-ID on where it is given. It verifies the gateway's assertion itself, for no viewer asks. */
export function createChangeFeedHandler({
  store,
  region,
  policyVersion,
  gatewayKeys,
  closing,
  onListeners,
  now,
  log,
}: ChangeFeedHandlerOptions): RouteHandler<string, unknown> {
  const verify = createFeedAssertionVerifier({ keys: gatewayKeys, region, now })
  const poller = createChangePoller({ store, log })
  const streams = new Set<ChangeStream>()
  closing.addEventListener('abort', () => {
    for (const stream of streams) stream.end()
  })

  const open = async (request: Request): Promise<Response> => {
    const assertion = request.headers.get(assertionHeader)
    if (!assertion) throw new AssertionRejected(`expected the header ${assertionHeader}`)
    await verify(assertion)
    const after = readLastEventId(request)
    if (after === undefined)
      return createErrorResponse(request, 400, fault('BAD_REQUEST', 'Expected a sequence number as Last-Event-ID.'))
    const start = await poller.poll()
    const flagged = await store.findFlaggedPatients()
    if (closing.aborted || request.signal.aborted) return unavailable(request)
    const onEnd = () => {
      streams.delete(stream)
      onListeners?.(streams.size)
    }
    const stream = createChangeStream({ poller: poller, startMark: start, after, flagged, policyVersion, onEnd, log })
    streams.add(stream)
    onListeners?.(streams.size)
    // Yoga's adapter cancels the body only where it has begun to send it: who leaves before would be listened for without end.
    request.signal.addEventListener('abort', stream.end)
    return new Response(stream.body, {
      headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    })
  }
  return async (request) => {
    try {
      return await open(request)
    } catch (error) {
      if (error instanceof AssertionRejected) {
        const headers = { 'www-authenticate': 'Bearer', connection: 'close' }
        return createErrorResponse(
          request,
          401,
          fault(error.code, error.message, { extensions: { reason: error.reason } }),
          headers,
        )
      }
      log('A change feed cannot be opened', error)
      return unavailable(request)
    }
  }
}

/** Null without one, undefined where it is no sequence number. */
function readLastEventId(request: Request): number | null | undefined {
  const text = request.headers.get('last-event-id')
  if (text === null) return null
  const sequence = Number(text)
  return /^\d+$/.test(text) && Number.isSafeInteger(sequence) ? sequence : undefined
}

function unavailable(request: Request): Response {
  return createErrorResponse(request, 503, fault('UNAVAILABLE', 'The changes cannot be told just now.'), {
    connection: 'close',
  })
}
