import type { LoadSource } from './closed-loop.ts'
import { createRawClient } from './raw-client.ts'

/** Requests that come when they come, whether or not those before them are answered. */
export interface BurstOptions extends Omit<LoadSource, 'connections' | 'path' | 'length'> {
  /** Opened beforehand, as a proxy's are; as many more as it takes. */
  readonly opened: number
  readonly perSecond: number
  readonly seconds: number
  /** Within which an answer is of use. */
  readonly deadlineMs: number
}

/** What became of each request. Times are from when it should have been sent, in milliseconds. */
export interface BurstResult {
  readonly sent: number
  /** From the first to the last that was sent. */
  readonly seconds: number
  readonly answered: number
  readonly answeredInTime: number
  /** HTTP 503 with Retry-After. */
  readonly shed: number
  /** Any other status, each counted. */
  readonly others: Readonly<Record<string, number>>
  /** No response at all: refused, reset, cut short, or none in half a minute. */
  readonly lost: number
  readonly answerMs: readonly number[]
  readonly shedMs: readonly number[]
  /** How late the sender itself was at the most. */
  readonly senderLateMs: number
}

const patienceMs = 30_000
const tickMs = 5

/** Sends at an even rate over as many connections as it takes, and waits for every last response. */
export async function sendBurst({
  url,
  headers,
  query,
  variable,
  numbers,
  perSecond,
  seconds,
  deadlineMs,
  opened,
}: BurstOptions): Promise<BurstResult> {
  const { host, pathname } = new URL(url)
  const client = createRawClient(url)
  const head = Object.entries({ host, 'content-type': 'application/json', accept: 'application/json', ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  )
  const list = typeof numbers === 'number' ? [] : numbers
  const answerMs: number[] = []
  const shedMs: number[] = []
  const others: Record<string, number> = {}
  let lost = 0
  let senderLateMs = 0
  const send = async (index: number, dueAt: number) => {
    const body = JSON.stringify({ query, variables: { [variable]: list[index % list.length] } })
    senderLateMs = Math.max(senderLateMs, performance.now() - dueAt)
    try {
      const response = await client.send(
        `POST ${pathname} HTTP/1.1\r\n${head.join('')}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
      )
      const tookMs = performance.now() - dueAt
      if (response.status === 200) answerMs.push(tookMs)
      else if (response.status === 503 && /^retry-after: /im.test(response.head)) shedMs.push(tookMs)
      else others[response.status] = (others[response.status] ?? 0) + 1
    } catch {
      lost++
    }
  }

  await client.open(opened)
  const total = Math.round(perSecond * seconds)
  const all: Promise<void>[] = []
  const startedAt = performance.now()
  let lastAt = startedAt
  await new Promise<void>((resolve) => {
    const timer = setInterval(() => {
      lastAt = performance.now()
      const due = Math.min(total, Math.ceil(((lastAt - startedAt) / 1000) * perSecond))
      for (let index = all.length; index < due; index++) all.push(send(index, startedAt + (index / perSecond) * 1000))
      if (all.length < total) return
      clearInterval(timer)
      resolve()
    }, tickMs)
  })
  const patience = setTimeout(() => client.close(), patienceMs)
  await Promise.all(all)
  clearTimeout(patience)
  client.close()
  const inOrder = (times: readonly number[]) => times.toSorted((a, b) => a - b)
  return {
    sent: all.length,
    seconds: (lastAt - startedAt) / 1000,
    answered: answerMs.length,
    answeredInTime: answerMs.filter((ms) => ms <= deadlineMs).length,
    shed: shedMs.length,
    others,
    lost,
    answerMs: inOrder(answerMs),
    shedMs: inOrder(shedMs),
    senderLateMs,
  }
}
