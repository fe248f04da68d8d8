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
  /** Puts all asks to the region in one request; one outcome for each, in order. Never throws for what the region does. */
  fetchViews(asks: readonly ViewRequest[], credentials: RegionCredentials): Promise<readonly RegionOutcome[]>
  /** The text by which these asks are put; no value of a variable is in it. */
  printQuery(asks: readonly ViewRequest[]): string
  /** Whose documents these are, as far as the region shows them to this viewer. */
  findDocuments(ids: readonly string[], credentials: RegionCredentials): Promise<DocumentsOutcome>
  /** Runs one operation of the region's own roots; `reply` is its data, as the region's SDL promises. Never repeated, never throws for what the region does. */
  runOperation(
    operation: RegionQuery,
    credentials: RegionCredentials,
  ): Promise<OperationOutcome<Readonly<Record<string, unknown>>>>
  /** Opens a document's content, or a byte range of it (a Range header's value), as a stream that the caller reads or destroys. */
  openContent(documentId: string, credentials: RegionCredentials, range: RangeRequest | null): Promise<ContentOutcome>
  /** Whether the region would be called now, for this viewer or, without one, for any, and the store says that it is ready. */
  isReady(viewer?: string): Promise<boolean>
  /** When the region is tried again after it failed, for this viewer or, without one, for all, in milliseconds since 1970. Null: it is not suspended. */
  suspendedUntilMs(viewer?: string): number | null
  close(): Promise<void>
}

/** A Range header's value, and If-Range's, where one is given. */
export interface RangeRequest {
  readonly range: string
  readonly ifRange: string | null
}

export type DocumentsOutcome =
  | { readonly status: 'REPLIED'; readonly documents: readonly DocumentReply[] }
  | { readonly status: RegionFailure; readonly reason: string }

/** `release`: what the region decided, for the audit trail; null where it does not say, as of an unknown document. 403: the patient's location is protected. */
export type ContentOutcome =
  | {
      readonly status: 'OPENED'
      readonly httpStatus: 200 | 206
      readonly headers: Readonly<Record<string, string | string[] | undefined>>
      readonly body: Readable
      readonly release: ContentRelease | null
    }
  | { readonly status: 'REFUSED'; readonly httpStatus: 403 | 404; readonly release: ContentRelease | null }
  /** `contentRange`: the header that tells the size. Null: the region states none. */
  | {
      readonly status: 'REFUSED'
      readonly httpStatus: 416
      readonly contentRange: string | null
      readonly release: ContentRelease | null
    }
  | { readonly status: 'UNAVAILABLE'; readonly failure: RegionFailure }

export interface RegionCredentials {
  /** The viewer's NHS CIS2 user id: connections and failures are counted by it. */
  readonly viewer: string
  /** The viewer's own access token. */
  readonly token: string
  /** The gateway's assertion for this region. */
  readonly assertion: string
  /** Of the request that asks. @default it is not traced */
  readonly trace?: CallTrace
}

export interface RegionClientOptions {
  readonly region: RegionConfiguration
  readonly schema: GraphQLSchema
  /** @default 64 */
  readonly maxConnections?: number
  /** Requests of one viewer at a time; others of that viewer's wait. @default a quarter of maxConnections */
  readonly maxConcurrentPerViewer?: number
  /** The longest reply that is read. @default 16 MiB */
  readonly maxReplyBytes?: number
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number
  /** Milliseconds of a clock that only goes forward, for suspensions. @default performance.now */
  readonly clock?: () => number
  /** Told of every call over the network, each attempt. @default nobody */
  readonly onCall?: OnRegionCall
}

/** What came of one call of a region (RegionCode) over the network, and how long it took until the last byte, or the first of a content. */
export type OnRegionCall = (region: string, outcome: 'REPLIED' | RegionFailure, durationMs: number) => void

/** Talks to one region's record store over pooled HTTP/1.1. Never follows a redirect. */
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
  // A connection for each request.
  const freshConnectionPool = new Pool(origin, { connections: maxConnections, pipelining: 0 })
  // Contents are sent for as long as viewers read them: over connections of their own.
  const contentPool = new Pool(origin, { connections: maxConnections, pipelining: 1 })
  // Whether the store answers is asked over connections that no viewer's requests keep.
  const healthPool = new Pool(origin, { connections: 4, pipelining: 0 })
  const breaker = createRegionBreaker({
    maxConsecutiveFailures: region.resilience.failuresInRow,
    suspendMs: region.resilience.suspendMs,
    maxRetryAfterMs: region.resilience.longestRetryAfterMs,
    callMs: region.timeMs,
    clock,
  })
  const slots = createViewerSlots({ maxConcurrent: maxConcurrentPerViewer })
  // Reading, merging and printing much takes a thread of the store, and then the gateway's: one at a time of one viewer.
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

  /** The data of a query's answer, checked against the query and the region's SDL. */
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
    const question = {
      path: '/graphql',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...toHeaders(credentials, call) },
      body: `{"query":${quoted},"variables":${JSON.stringify(variables)}}`,
      timeMs: Math.max(1, Math.ceil(leftMs())),
    }
    const sentAtMs = performance.now()
    wire.sentAtMs ||= sentAtMs
    let outcome: Parameters<OnRegionCall>[1] = 'REPLIED'
    let httpStatus: number | null = 200
    let heardAtMs = 0
    try {
      const body = await postJson(pool, question, { maxBytes: maxReplyBytes, now })
      heardAtMs = performance.now()
      return { data: read(body), bytes: body.length }
    } catch (error) {
      const fault = toRegionFault(error)
      outcome = fault.status
      httpStatus = fault.httpStatus
      throw error
    } finally {
      // Reading what was heard is the gateway's own time.
      wire.receivedAtMs = heardAtMs || performance.now()
      onRegionCall(region.code, outcome, wire.receivedAtMs - sentAtMs)
      call?.end(outcome, httpStatus, wire.receivedAtMs)
    }
  }
  /** Apart from the viewers' requests: whether the store says that it is ready, where one viewer's failed; where several's did, whether it answers the least of queries. */
  const confirmWith =
    (credentials: RegionCredentials): ConfirmFailure =>
    async (evidence) => {
      if (evidence === 'one viewer') return !(await askReadiness())
      const question = {
        path: '/graphql',
        headers: { 'content-type': 'application/json', accept: 'application/json', ...toHeaders(credentials) },
        body: JSON.stringify({ query: probeQuery }),
      }
      try {
        parseReply(
          (
            await postJson(healthPool, { ...question, timeMs: region.timeMs }, { maxBytes: maxReplyBytes, now })
          ).toString(),
        )
        return false
      } catch (error) {
        const { isRegionFault: isRegions, httpStatus } = toRegionFault(error)
        // 429 too is of this viewer (RFC 6585, 4).
        return isRegions && httpStatus !== 429
      }
    }
  /** One viewer's call, in a slot of that viewer's that it gives back itself. */
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
  /** What changes nothing, and may be sent twice. */
  const runRead = <Reply>(
    credentials: RegionCredentials,
    send: (attempt: Attempt) => Promise<Reply>,
    lane: ViewerSlots = slots,
  ): Promise<Reply> => {
    const leftMs = createCountdown(region.timeMs)
    return runInViewerSlot(credentials, { slots: lane, leftMs }, async (release) => {
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
    printQuery: (asks) => buildQuery(asks, region.code).text,
    fetchViews: (all, credentials) =>
      fetchInParts(all, performance.now() + region.timeMs, async (asks) => {
        const startedAt = performance.now()
        const latencyMs = () => Math.round((performance.now() - startedAt) * 1000) / 1000
        const wire: MutableWireTime = { sentAtMs: 0, receivedAtMs: 0 }
        try {
          const asked = buildQuery(asks, region.code)
          const send = async (attempt: Attempt) => {
            const { data, bytes } = await sendQuery(asked, credentials, attempt, wire)
            return {
              views: asks.map((ask, index) => toCheckedView(data[`${reservedPrefix}${index}`] as ViewReply, ask)),
              bytes,
            }
          }
          const { views, bytes } = await runRead(credentials, send, isHeavy(asks) ? heavySlots : slots)
          const latency = latencyMs()
          return views.map((view) => ({
            status: 'REPLIED',
            view,
            bytes: bytes / asks.length,
            latencyMs: latency,
            wireTime: wire,
          }))
        } catch (error) {
          const failure = toFailure(error)
          const latency = latencyMs()
          const wireTime = toWireTime(wire)
          return asks.map(() => ({ ...failure, latencyMs: latency, ...wireTime }))
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
        // It is sent once, so not over a connection that may be just closing.
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
      // The time allowed is for the answer to begin; how long the bytes take is the reader's affair, and undici ends a stream that stalls.
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
          const told = (outcome: Parameters<OnRegionCall>[1], httpStatus: number | null) => {
            const heardAtMs = performance.now()
            onRegionCall(region.code, outcome, heardAtMs - sentAtMs)
            call?.end(outcome, httpStatus, heardAtMs)
          }
          const {
            statusCode,
            headers: answered,
            body,
          } = await pool
            .request({ path: `/content/${encodeURIComponent(documentId)}`, method: 'GET', headers, signal })
            .catch((error: unknown) => {
              told(toRegionFault(error).status, null)
              throw error
            })
          const isAnswer =
            statusCode === 200 || statusCode === 206 || statusCode === 403 || statusCode === 404 || statusCode === 416
          told(isAnswer ? 'REPLIED' : 'FAILED', statusCode)
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
      // One request for all who ask meanwhile: an operation may ask under many aliases.
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

/** Where a call waits for a slot, and for how many milliseconds. */
interface SlotRequest {
  readonly slots: ViewerSlots
  readonly leftMs: () => number
}

interface Attempt {
  readonly pool: Dispatcher
  /** What is left of the region's time, in milliseconds. */
  readonly leftMs: () => number
  /** How often the same was sent before. */
  readonly resends: number
}

/** OnWire, as it comes about. */
type MutableWireTime = { -readonly [Key in keyof WireTime]: WireTime[Key] }

function createCountdown(fromMs: number): () => number {
  const endsAtMs = performance.now() + fromMs
  return () => endsAtMs - performance.now()
}

interface QueryReply {
  readonly data: Readonly<Record<string, unknown>>
  readonly bytes: number
}

/** Absent where nothing was sent. */
function toWireTime(onWire: WireTime): Pick<CallTimes, 'wireTime'> {
  return onWire.sentAtMs === 0 ? {} : { wireTime: onWire }
}

/** More items than an ordinary view has. */
const heavyItemCount = 500
/** Estimated items of a section without pages. */
const estimatedSectionItems = 10

/** Whether many items may be asked for: pages are full, and so is each patient's own record. */
function isHeavy(asks: readonly ViewRequest[]): boolean {
  let items = 0
  for (const { nhsNumbers, sections, records } of asks) {
    const ofPatient = sections.reduce(
      (sum, { args }) => sum + (typeof args.first === 'number' ? args.first : estimatedSectionItems),
      records ? 5 * estimatedSectionItems : 0,
    )
    items += nhsNumbers.length * (1 + ofPatient)
  }
  return items > heavyItemCount
}

/** The view, a patient for each number asked; whether each answers for its number is told patient by patient. */
function toCheckedView(view: ViewReply, { nhsNumbers }: ViewRequest): ViewReply {
  if (Number.isNaN(Date.parse(view.readAt))) throw new RegionFault('FAILED', 'expected the instant of reading')
  if (view.patients.length !== nhsNumbers.length)
    throw new RegionFault('FAILED', 'expected a patient for each number asked')
  return view
}

function toFailure(error: unknown): FailedCall {
  const { status, message, splitReason } = toRegionFault(error)
  return { status, reason: message, splitReason: splitReason }
}
