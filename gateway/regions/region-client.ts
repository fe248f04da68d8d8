import type { Readable } from 'node:stream'
import type { GraphQLSchema } from 'graphql'
import { type Dispatcher, Pool } from 'undici'
import { assertionHeader } from '../../schema/assertion.ts'
import { createBoundedMemo } from '../../schema/bounded-memo.ts'
import { type ContentRelease, contentReleaseHeader, parseContentRelease } from '../../schema/content-release.ts'
import { probeQuery } from '../../schema/region-contract.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { createViewerSlots, type ReleaseSlot, type ViewerSlots } from '../../schema/viewer-slots.ts'
import { fetchInParts } from './fetch-in-parts.ts'
import { parseReply } from './parse-reply.ts'
import { postJson } from './post-json.ts'
import { type ConfirmFailure, createRegionBreaker, withBreaker } from './region-breaker.ts'
import { type RegionFailure, RegionFault, toHttpFault, toRegionFault } from './region-fault.ts'
import { createRegionQueryBuilder, maxQueryCharacters, type RegionQuery, reservedPrefix } from './region-query.ts'
import type {
  CallTimes,
  DocumentReply,
  FailedCall,
  OperationOutcome,
  RegionOutcome,
  ViewReply,
  WireTime,
} from './region-reply.ts'
import type { CallTrace, TracedCall } from './region-wait-recorder.ts'
import { createReplyReader, type ReplyReader } from './reply-reader.ts'
import type { ViewRequest } from './view-request.ts'
import { withRetry } from './with-retry.ts'

export interface RegionClient {
  readonly region: RegionConfiguration
  /**
   * Sends all view requests to the region in one HTTP request and resolves with one outcome for each, in order. Never
   * rejects because of the region.
   */
  fetchViews(requests: readonly ViewRequest[], credentials: RegionCredentials): Promise<readonly RegionOutcome[]>
  /** Returns the query text of these requests. It contains no value of a variable. */
  printQuery(requests: readonly ViewRequest[]): string
  /** Finds the patients to whom these documents belong, as far as the region shows them to this viewer. */
  findDocuments(ids: readonly string[], credentials: RegionCredentials): Promise<DocumentsOutcome>
  /**
   * Runs one operation of the region's own root fields once. `reply` is its data, validated against the region's SDL.
   * Never rejects because of the region.
   */
  runOperation(
    operation: RegionQuery,
    credentials: RegionCredentials,
  ): Promise<OperationOutcome<Readonly<Record<string, unknown>>>>
  /** Opens a document's content, or a byte range of it, as a stream that the caller must read or destroy. */
  openContent(documentId: string, credentials: RegionCredentials, range: RangeRequest | null): Promise<ContentOutcome>
  /**
   * Returns whether the region would be called now and its store reports that it is ready. Without a viewer, whether it
   * would be called for any.
   */
  isReady(viewer?: string): Promise<boolean>
  /**
   * Returns when a suspended region is called again, in milliseconds since 1970: for this viewer, or for all if there
   * is none. Null: it is not suspended.
   */
  suspendedUntilMs(viewer?: string): number | null
  close(): Promise<void>
}

/** Values of the Range header and, if the client sent one, of If-Range (RFC 9110, sections 13.1.5 and 14.2). */
export interface RangeRequest {
  readonly range: string
  readonly ifRange: string | null
}

export type DocumentsOutcome =
  | { readonly status: 'REPLIED'; readonly documents: readonly DocumentReply[] }
  | { readonly status: RegionFailure; readonly reason: string }

/**
 * Outcome of opening a content. `release` is the region's decision, for the audit trail; null if the region states
 * none, as for an unknown document. 403 means that the patient's location is protected.
 */
export type ContentOutcome =
  | {
      readonly status: 'OPENED'
      readonly httpStatus: 200 | 206
      readonly headers: Readonly<Record<string, string | string[] | undefined>>
      readonly body: Readable
      readonly release: ContentRelease | null
    }
  | { readonly status: 'REFUSED'; readonly httpStatus: 403 | 404; readonly release: ContentRelease | null }
  /** `contentRange` is the header that states the full size (RFC 9110, section 14.4). Null: the region sent none. */
  | {
      readonly status: 'REFUSED'
      readonly httpStatus: 416
      readonly contentRange: string | null
      readonly release: ContentRelease | null
    }
  | { readonly status: 'UNAVAILABLE'; readonly failure: RegionFailure }

export interface RegionCredentials {
  /** The viewer's NHS CIS2 user id. Connections and failures are counted per viewer. */
  readonly viewer: string
  /** The viewer's own access token. */
  readonly token: string
  /** The gateway's assertion for this region. */
  readonly assertion: string
  /** Trace of the request. @default it is not traced */
  readonly trace?: CallTrace
}

export interface RegionClientOptions {
  readonly region: RegionConfiguration
  readonly schema: GraphQLSchema
  /** @default 64 */
  readonly maxConnections?: number
  /** Concurrent requests per viewer; further ones wait. @default a quarter of maxConnections */
  readonly maxConcurrentPerViewer?: number
  /** Upper bound on a reply, in bytes. @default 16 MiB */
  readonly maxReplyBytes?: number
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number
  /** Monotonic clock for suspensions, in milliseconds. @default performance.now */
  readonly clock?: () => number
  /** Called after each attempt over the network. @default does nothing */
  readonly onCall?: OnRegionCall
}

/**
 * Receives the outcome of one network call to a region (RegionCode), and its duration until the last byte, or for
 * contents until the headers.
 */
export type OnRegionCall = (region: string, outcome: 'REPLIED' | RegionFailure, durationMs: number) => void

/** Creates the client of one region's record store, over pooled HTTP/1.1. It never follows a redirect. */
export function createRegionClient(options: RegionClientOptions): RegionClient {
  const {
    region,
    schema,
    maxConnections = 64,
    maxReplyBytes = 16 * 1024 * 1024,
    now = Date.now,
    clock = () => performance.now(),
    onCall: onRegionCall = () => {},
  } = options
  const { maxConcurrentPerViewer = Math.ceil(maxConnections / 4) } = options
  const { origin } = new URL(region.url)
  const keepAlivePool = new Pool(origin, { connections: maxConnections, pipelining: 1 })
  // Opens a new connection for each request.
  const freshConnectionPool = new Pool(origin, { connections: maxConnections, pipelining: 0 })
  // Contents last as long as viewers read them, so they have connections of their own.
  const contentPool = new Pool(origin, { connections: maxConnections, pipelining: 1 })
  // Health checks have connections of their own, which viewers' requests cannot occupy.
  const healthPool = new Pool(origin, { connections: 4, pipelining: 0 })
  const breaker = createRegionBreaker({
    maxConsecutiveFailures: region.resilience.failuresInRow,
    suspendMs: region.resilience.suspendMs,
    maxRetryAfterMs: region.resilience.longestRetryAfterMs,
    callMs: region.timeMs,
    clock,
  })
  const slots = createViewerSlots({ maxConcurrent: maxConcurrentPerViewer })
  // A large view occupies a thread of the store and then the gateway's, so each viewer gets one at a time.
  const heavySlots = createViewerSlots({ maxConcurrent: 1 })
  const contentSlots = createViewerSlots({ maxConcurrent: maxConcurrentPerViewer })
  const buildQuery = createRegionQueryBuilder(schema, region.viewField)
  const preparedQueries = createBoundedMemo<{ readonly quoted: string; readonly read: ReplyReader }>(
    1000,
    maxQueryCharacters,
  )

  const toHeaders = ({ token, assertion }: RegionCredentials, call?: TracedCall) => ({
    authorization: `Bearer ${token}`,
    [assertionHeader]: assertion,
    ...call?.headers,
  })

  /** Sends a query and resolves with its data, validated against the query and the region's SDL. */
  const sendQuery = async (
    { text, variables }: RegionQuery,
    credentials: RegionCredentials,
    { pool, leftMs, resends }: Attempt,
    wire: MutableWireTime = { sentAtMs: 0, receivedAtMs: 0 },
  ): Promise<QueryReply> => {
    const { quoted, read } = preparedQueries(text, () => ({
      quoted: JSON.stringify(text),
      read: createReplyReader(schema, text),
    }))
    const call = credentials.trace?.startCall({
      region: region.code,
      url: region.url,
      method: 'POST',
      path: '/graphql',
      resends,
    })
    if (call) wire.call = call
    const request = {
      path: '/graphql',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...toHeaders(credentials, call) },
      body: `{"query":${quoted},"variables":${JSON.stringify(variables)}}`,
      timeMs: Math.max(1, Math.ceil(leftMs())),
    }
    const sentAtMs = performance.now()
    wire.sentAtMs ||= sentAtMs
    let outcome: Parameters<OnRegionCall>[1] = 'REPLIED'
    let httpStatus: number | null = 200
    let receivedAtMs = 0
    try {
      const body = await postJson(pool, request, { maxBytes: maxReplyBytes, now })
      receivedAtMs = performance.now()
      return { data: read(body), bytes: body.length }
    } catch (error) {
      const fault = toRegionFault(error)
      outcome = fault.status
      httpStatus = fault.httpStatus
      throw error
    } finally {
      // Parsing is the gateway's own time, so the wire time ends before it.
      wire.receivedAtMs = receivedAtMs || performance.now()
      onRegionCall(region.code, outcome, wire.receivedAtMs - sentAtMs)
      call?.end(outcome, httpStatus, wire.receivedAtMs)
    }
  }
  /**
   * Checks the region apart from the viewers' requests. After one viewer's failures /readyz decides; after several
   * viewers', the smallest query does.
   */
  const confirmWith =
    (credentials: RegionCredentials): ConfirmFailure =>
    async (evidence) => {
      if (evidence === 'one viewer') return !(await askReadiness())
      const request = {
        path: '/graphql',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...toHeaders(credentials) },
        body: JSON.stringify({ query: probeQuery }),
      }
      try {
        parseReply(
          (
            await postJson(healthPool, { ...request, timeMs: region.timeMs }, { maxBytes: maxReplyBytes, now })
          ).toString(),
        )
        return false
      } catch (error) {
        const { isRegionFault, httpStatus } = toRegionFault(error)
        // Status 429 concerns this viewer alone (RFC 6585, section 4).
        return isRegionFault && httpStatus !== 429
      }
    }
  /** Runs one viewer's call in one of the viewer's slots. A call that succeeds releases the slot itself. */
  const runInViewerSlot = async <Reply>(
    credentials: RegionCredentials,
    { slots, leftMs }: SlotRequest,
    call: (release: ReleaseSlot) => Promise<Reply>,
  ): Promise<Reply> => {
    const slot = slots.acquire(credentials.viewer, () => AbortSignal.timeout(Math.max(0, Math.ceil(leftMs()))))
    const release = slot instanceof Promise ? await slot : slot
    if (!release)
      throw new RegionFault('TIMED_OUT', "not called: this viewer's other requests took all the time", {
        isRegionFault: false,
      })
    try {
      return await withBreaker({ breaker, viewer: credentials.viewer, confirm: confirmWith(credentials) }, () =>
        call(release),
      )
    } catch (error) {
      release()
      throw error
    }
  }
  /** Runs a read, which changes nothing and so may be sent twice. */
  const runRead = <Reply>(
    credentials: RegionCredentials,
    send: (attempt: Attempt) => Promise<Reply>,
    limiter: ViewerSlots = slots,
  ): Promise<Reply> => {
    const leftMs = createCountdown(region.timeMs)
    return runInViewerSlot(credentials, { slots: limiter, leftMs }, async (release) => {
      const reply = await withRetries(send, { leftMs, pool: keepAlivePool })
      release()
      return reply
    })
  }
  const withRetries = <Reply>(
    send: (attempt: Attempt) => Promise<Reply>,
    { leftMs, pool }: Omit<Attempt, 'resends'>,
  ): Promise<Reply> =>
    withRetry(
      (connection) =>
        send(
          connection === 'keep-alive'
            ? { pool, leftMs, resends: 0 }
            : { pool: freshConnectionPool, leftMs, resends: 1 },
        ),
      {
        ...region.resilience,
        leftMs,
      },
    )

  let readiness: Promise<boolean> | null = null
  const askReadiness = async () => {
    try {
      const { statusCode, body } = await healthPool.request({
        path: '/readyz',
        method: 'GET',
        signal: AbortSignal.timeout(region.timeMs),
      })
      await body.dump()
      return statusCode === 200
    } catch {
      return false
    }
  }

  return {
    region,
    printQuery: (requests) => buildQuery(requests, region.code).text,
    fetchViews: (views, credentials) =>
      fetchInParts(views, performance.now() + region.timeMs, async (requests) => {
        const startedAt = performance.now()
        const latencyMs = () => Math.round((performance.now() - startedAt) * 1000) / 1000
        const wire: MutableWireTime = { sentAtMs: 0, receivedAtMs: 0 }
        try {
          const query = buildQuery(requests, region.code)
          const send = async (attempt: Attempt) => {
            const { data, bytes } = await sendQuery(query, credentials, attempt, wire)
            return {
              views: requests.map((request, index) =>
                toCheckedView(data[`${reservedPrefix}${index}`] as ViewReply, request),
              ),
              bytes,
            }
          }
          const { views, bytes } = await runRead(credentials, send, isHeavy(requests) ? heavySlots : slots)
          const latency = latencyMs()
          return views.map((view) => ({
            status: 'REPLIED',
            view,
            bytes: bytes / requests.length,
            latencyMs: latency,
            wireTime: wire,
          }))
        } catch (error) {
          const failure = toFailure(error)
          const latency = latencyMs()
          const wireTime = toWireTime(wire)
          return requests.map(() => ({ ...failure, latencyMs: latency, ...wireTime }))
        }
      }),
    async findDocuments(ids, credentials) {
      try {
        const text = `query Documents($ids: [ID!]!) { documents: ${region.documentsField}(ids: $ids) { id nhsNumber } }`
        const { data } = await runRead(credentials, (attempt) =>
          sendQuery({ text, variables: { ids } }, credentials, attempt),
        )
        return { status: 'REPLIED', documents: data.documents as readonly DocumentReply[] }
      } catch (error) {
        return toFailure(error)
      }
    },
    async runOperation(operation, credentials) {
      const startedAt = performance.now()
      const latencyMs = () => Math.round((performance.now() - startedAt) * 1000) / 1000
      try {
        // The operation is sent once, so it does not use a keep-alive connection that may be closing.
        const leftMs = createCountdown(region.timeMs)
        const { data: reply } = await runInViewerSlot(credentials, { slots, leftMs }, async (release) => {
          const replied = await sendQuery(operation, credentials, { pool: freshConnectionPool, leftMs, resends: 0 })
          release()
          return replied
        })
        return { status: 'REPLIED', reply, latencyMs: latencyMs() }
      } catch (error) {
        return { ...toFailure(error), latencyMs: latencyMs() }
      }
    },
    async openContent(documentId, credentials, range) {
      // The time limit covers the wait for the headers. The caller sets the pace of the body, and undici ends a stream
      // that stalls.
      const begun = new AbortController()
      const { signal } = begun
      const timer = setTimeout(() => begun.abort(), region.timeMs)
      try {
        const leftMs = createCountdown(region.timeMs)
        const open = async ({ pool, resends }: Attempt): Promise<ContentOutcome> => {
          const call = credentials.trace?.startCall({
            region: region.code,
            url: region.url,
            method: 'GET',
            path: '/content/{id}',
            resends,
          })
          const headers = {
            ...toHeaders(credentials, call),
            ...(range ? { range: range.range } : {}),
            ...(range && range.ifRange !== null ? { 'if-range': range.ifRange } : {}),
          }
          const sentAtMs = performance.now()
          const recordCall = (outcome: Parameters<OnRegionCall>[1], httpStatus: number | null) => {
            const receivedAtMs = performance.now()
            onRegionCall(region.code, outcome, receivedAtMs - sentAtMs)
            call?.end(outcome, httpStatus, receivedAtMs)
          }
          const {
            statusCode,
            headers: answered,
            body,
          } = await pool
            .request({ path: `/content/${encodeURIComponent(documentId)}`, method: 'GET', headers, signal })
            .catch((error: unknown) => {
              recordCall(toRegionFault(error).status, null)
              throw error
            })
          const isAnswer =
            statusCode === 200 || statusCode === 206 || statusCode === 403 || statusCode === 404 || statusCode === 416
          recordCall(isAnswer ? 'REPLIED' : 'FAILED', statusCode)
          const release = parseContentRelease(answered[contentReleaseHeader])
          if (statusCode === 200 || statusCode === 206)
            return { status: 'OPENED', httpStatus: statusCode, headers: answered, body, release }
          await body.dump()
          if (statusCode === 403 || statusCode === 404) return { status: 'REFUSED', httpStatus: statusCode, release }
          if (statusCode === 416) {
            const rangeRequest = answered['content-range']
            return {
              status: 'REFUSED',
              httpStatus: statusCode,
              contentRange: typeof rangeRequest === 'string' ? rangeRequest : null,
              release,
            }
          }
          throw toHttpFault(statusCode, answered, now())
        }
        return await runInViewerSlot(credentials, { slots: contentSlots, leftMs }, async (release) => {
          const outcome = await withRetries(open, { leftMs, pool: contentPool })
          if (outcome.status === 'OPENED') outcome.body.once('close', release)
          else release()
          return outcome
        })
      } catch (error) {
        return { status: 'UNAVAILABLE', failure: toRegionFault(error).status }
      } finally {
        clearTimeout(timer)
      }
    },
    async isReady(viewer) {
      if (breaker.suspendedUntilMs(viewer) !== null) return false
      // Concurrent callers share one check, because one operation may request readiness under many aliases.
      readiness ??= askReadiness().finally(() => {
        readiness = null
      })
      return readiness
    },
    suspendedUntilMs(viewer) {
      const untilMs = breaker.suspendedUntilMs(viewer)
      return untilMs === null ? null : Math.round(now() + untilMs - clock())
    },
    close: async () => {
      await Promise.all([keepAlivePool.close(), freshConnectionPool.close(), contentPool.close(), healthPool.close()])
    },
  }
}

/** The limiter in which a call waits, and the milliseconds that it may wait. */
interface SlotRequest {
  readonly slots: ViewerSlots
  readonly leftMs: () => number
}

interface Attempt {
  readonly pool: Dispatcher
  /** Returns what is left of the region's time limit, in milliseconds. */
  readonly leftMs: () => number
  /** Number of earlier attempts with the same request. */
  readonly resends: number
}

/** A WireTime while the calls that it measures are in progress. */
type MutableWireTime = { -readonly [Key in keyof WireTime]: WireTime[Key] }

function createCountdown(fromMs: number): () => number {
  const endsAtMs = performance.now() + fromMs
  return () => endsAtMs - performance.now()
}

interface QueryReply {
  readonly data: Readonly<Record<string, unknown>>
  readonly bytes: number
}

/** Returns no wire time if nothing was sent. */
function toWireTime(wireTime: WireTime): Pick<CallTimes, 'wireTime'> {
  return wireTime.sentAtMs === 0 ? {} : { wireTime: wireTime }
}

/** Exceeds the items of an ordinary view. */
const heavyItemCount = 500
/** Estimated items of a section without pages. */
const estimatedSectionItems = 10

/** Returns whether the requests may return many items, if every page and each patient's own record is full. */
function isHeavy(requests: readonly ViewRequest[]): boolean {
  let items = 0
  for (const { nhsNumbers, sections, records } of requests) {
    const itemsPerPatient = sections.reduce(
      (sum, { args }) => sum + (typeof args.first === 'number' ? args.first : estimatedSectionItems),
      records ? 5 * estimatedSectionItems : 0,
    )
    items += nhsNumbers.length * (1 + itemsPerPatient)
  }
  return items > heavyItemCount
}

/**
 * Asserts that the view has one entry per requested number, and returns it. Each entry's identity is checked later,
 * patient by patient.
 */
function toCheckedView(view: ViewReply, { nhsNumbers }: ViewRequest): ViewReply {
  if (Number.isNaN(Date.parse(view.readAt))) throw new RegionFault('FAILED', 'expected the instant of reading')
  if (view.patients.length !== nhsNumbers.length)
    throw new RegionFault('FAILED', 'expected a patient for each number asked')
  return view
}

function toFailure(error: unknown): FailedCall {
  const { status, message, splitReason } = toRegionFault(error)
  return { status, reason: message, splitReason }
}
