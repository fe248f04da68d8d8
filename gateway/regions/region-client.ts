import type { Readable } from 'node:stream'
import type { GraphQLSchema } from 'graphql'
import { errors, Pool } from 'undici'
import { assertionHeader } from '../../schema/assertion.ts'
import { createBoundedMemo } from '../../schema/bounded-memo.ts'
import { type ContentRelease, parseRelease, releaseHeader } from '../../schema/http/release-header.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { exchange, TimeIsOver, TooLarge } from './exchange.ts'
import { createRegionQueryBuilder, type RegionQuery, reservedPrefix } from './region-query.ts'
import type { DocumentReply, OperationOutcome, RegionFailure, RegionOutcome, ViewReply } from './region-reply.ts'
import { createReplyReader, type ReplyReader } from './reply-reader.ts'
import { ReplyShapeError } from './reply-shape.ts'
import type { ViewAsk } from './view-ask.ts'

export interface RegionClient {
  readonly region: RegionConfiguration
  /** Puts all asks to the region in one request; one outcome for each, in order. Never throws for what the region does. */
  ask(asks: readonly ViewAsk[], credentials: RegionCredentials): Promise<readonly RegionOutcome[]>
  /** The text by which these asks are put; no value is in it. */
  print(asks: readonly ViewAsk[]): string
  /** Whose documents these are, as far as the region shows them to this viewer. */
  findDocuments(ids: readonly string[], credentials: RegionCredentials): Promise<DocumentsOutcome>
  /** Runs one operation of the region's own roots; `reply` is its data, as the region's SDL promises. Never repeated, never throws for what the region does. */
  run(operation: RegionQuery, credentials: RegionCredentials): Promise<OperationOutcome<Readonly<Record<string, unknown>>>>
  /** Opens a document's content, or a byte range of it (a Range header's value), as a stream that the caller reads or destroys. */
  openContent(documentId: string, credentials: RegionCredentials, range: string | null): Promise<ContentOutcome>
  /** Whether the store says that it is ready. */
  isReady(): Promise<boolean>
  close(): Promise<void>
}

export type DocumentsOutcome = { readonly status: 'REPLIED'; readonly documents: readonly DocumentReply[] } | { readonly status: RegionFailure; readonly reason: string }

/** `release`: what the region decided, for the audit trail; null where it does not say, as of an unknown document. */
export type ContentOutcome =
  | {
      readonly status: 'OPENED'
      readonly httpStatus: 200 | 206
      readonly headers: Readonly<Record<string, string | string[] | undefined>>
      readonly body: Readable
      readonly release: ContentRelease | null
    }
  | { readonly status: 'REFUSED'; readonly httpStatus: 404 | 416; readonly release: ContentRelease | null }
  | { readonly status: 'UNAVAILABLE' }

export interface RegionCredentials {
  /** The viewer's own access token. */
  readonly token: string
  /** The gateway's assertion for this region. */
  readonly assertion: string
}

export interface RegionClientOptions {
  readonly region: RegionConfiguration
  readonly schema: GraphQLSchema
  /** @default 64 */
  readonly maxConnections?: number
  /** The longest reply that is read. @default 16 MiB */
  readonly maxReplyBytes?: number
}

/** Talks to one region's record store over pooled HTTP/1.1. */
export function createRegionClient({ region, schema, maxConnections = 64, maxReplyBytes = 16 * 1024 * 1024 }: RegionClientOptions): RegionClient {
  const pool = new Pool(new URL(region.url).origin, { connections: maxConnections, pipelining: 1 })
  const buildQuery = createRegionQueryBuilder(schema, region.viewField)
  const readerOf = createBoundedMemo<ReplyReader>(1000)
  const quoted = createBoundedMemo<string>(1000)

  const headersOf = ({ token, assertion }: RegionCredentials) => ({ authorization: `Bearer ${token}`, [assertionHeader]: assertion })

  /** The data of a query's answer, checked against the query and the region's SDL. */
  const query = async ({ text, variables }: RegionQuery, credentials: RegionCredentials): Promise<{ readonly data: Readonly<Record<string, unknown>>; readonly bytes: number }> => {
    const read = readerOf(text, () => createReplyReader(schema, text))
    const { statusCode, body } = await exchange(pool, {
      path: '/graphql',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...headersOf(credentials) },
      body: `{"query":${quoted(text, () => JSON.stringify(text))},"variables":${JSON.stringify(variables)}}`,
      timeMs: region.timeMs,
      maxBytes: maxReplyBytes,
    })
    if (statusCode !== 200) throw new UnusableReply(`expected HTTP 200, found ${statusCode}`)
    return { data: read(body), bytes: body.length }
  }

  return {
    region,
    print: (asks) => buildQuery(asks, region.code).text,
    async ask(asks, credentials) {
      const startedAt = performance.now()
      const latencyMs = () => Math.round((performance.now() - startedAt) * 1000) / 1000
      try {
        const { data, bytes } = await query(buildQuery(asks, region.code), credentials)
        const latency = latencyMs()
        return asks.map((ask, index) => ({ status: 'REPLIED', view: toView(data[`${reservedPrefix}${index}`] as ViewReply, ask), bytes: bytes / asks.length, latencyMs: latency }))
      } catch (error) {
        const failure = toFailure(error)
        const latency = latencyMs()
        return asks.map(() => ({ ...failure, latencyMs: latency }))
      }
    },
    async findDocuments(ids, credentials) {
      try {
        const text = `query Documents($ids: [ID!]!) { documents: ${region.documentsField}(ids: $ids) { id nhsNumber } }`
        const { data } = await query({ text, variables: { ids } }, credentials)
        return { status: 'REPLIED', documents: data.documents as readonly DocumentReply[] }
      } catch (error) {
        return toFailure(error)
      }
    },
    async run(operation, credentials) {
      const startedAt = performance.now()
      const latencyMs = () => Math.round((performance.now() - startedAt) * 1000) / 1000
      try {
        const { data: reply } = await query(operation, credentials)
        return { status: 'REPLIED', reply, latencyMs: latencyMs() }
      } catch (error) {
        return { ...toFailure(error), latencyMs: latencyMs() }
      }
    },
    async openContent(documentId, credentials, range) {
      // The time allowed is for the answer to begin; how long the bytes take is the reader's affair, and undici ends a stream that stalls.
      const begun = new AbortController()
      const timer = setTimeout(() => begun.abort(), region.timeMs)
      try {
        const headers = { ...headersOf(credentials), ...(range === null ? {} : { range }) }
        const { statusCode, headers: answered, body } = await pool.request({ path: `/content/${documentId}`, method: 'GET', headers, signal: begun.signal })
        const release = parseRelease(answered[releaseHeader])
        if (statusCode === 200 || statusCode === 206) return { status: 'OPENED', httpStatus: statusCode, headers: answered, body, release }
        await body.dump()
        return statusCode === 404 || statusCode === 416 ? { status: 'REFUSED', httpStatus: statusCode, release } : { status: 'UNAVAILABLE' }
      } catch {
        return { status: 'UNAVAILABLE' }
      } finally {
        clearTimeout(timer)
      }
    },
    async isReady() {
      try {
        const { statusCode, body } = await pool.request({ path: '/readyz', method: 'GET', signal: AbortSignal.timeout(region.timeMs) })
        await body.dump()
        return statusCode === 200
      } catch {
        return false
      }
    },
    close: () => pool.close(),
  }
}

class UnusableReply extends Error {}

/** The view, a patient for each number asked; whether each answers for its number is told patient by patient. */
function toView(view: ViewReply, { nhsNumbers }: ViewAsk): ViewReply {
  if (view.patients.length !== nhsNumbers.length) throw new UnusableReply('expected a patient for each number asked')
  return view
}

const unreachable = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE', 'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT'])

/** The region's status and a reason fit for a log: neither holds anything that the region sent. */
function toFailure(error: unknown): { readonly status: RegionFailure; readonly reason: string } {
  if (error instanceof TimeIsOver) return { status: 'TIMED_OUT', reason: 'no reply within the time allowed' }
  if (error instanceof TooLarge) return { status: 'FAILED', reason: 'expected a smaller reply' }
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.BodyTimeoutError) return { status: 'TIMED_OUT', reason: error.code }
  if (error instanceof UnusableReply || error instanceof ReplyShapeError) return { status: 'FAILED', reason: error.message }
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (unreachable.has(code)) return { status: 'UNREACHABLE', reason: code }
  return { status: 'FAILED', reason: code || (error instanceof Error ? error.name : 'unknown') }
}
