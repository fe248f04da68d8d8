import { Pool } from 'undici'
import { nhsNumbers } from './nhs-numbers.ts'

/** What a closed loop asks, over and over. */
export interface LoadSource {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly query: string
  readonly variable: string
  /** NHS numbers, asked in turn, again and again; or so many of the bench's, each once. */
  readonly numbers: readonly string[] | number
  /** Where each answer has a list, and of what length. */
  readonly path: string
  readonly length: number
  readonly connections: number
}

/** What one run of the loop saw. */
export interface LoadResult {
  readonly answers: number
  readonly seconds: number
  /** In milliseconds. */
  readonly p50: number
  readonly p99: number
  /** Of the last answer. */
  readonly bytes: number
}

/** How long a run is. */
export type LoadLength = { readonly seconds: number } | { readonly answers: number }

/** Each connection asks, waits for its answer, asks again. Rejects at a wrong answer. */
export function createClosedLoop(source: LoadSource): {
  run(length: LoadLength): Promise<LoadResult>
  close(): Promise<void>
} {
  const { origin, pathname } = new URL(source.url)
  const pool = new Pool(origin, { connections: source.connections, pipelining: 1, headersTimeout: 60_000 })
  const headers = { 'content-type': 'application/json', accept: 'application/json', ...source.headers }
  const nextNumber = toNumbers(source.numbers)
  let asked = 0
  let bytes = 0

  const ask = async (): Promise<number> => {
    const number = nextNumber()
    const body = JSON.stringify({ query: source.query, variables: { [source.variable]: number } })
    const startedAt = performance.now()
    const response = await pool.request({ path: pathname, method: 'POST', headers, body })
    const answer = Buffer.from(await response.body.arrayBuffer())
    const tookMs = performance.now() - startedAt
    bytes = answer.length
    if (response.statusCode !== 200)
      throw new Error(`Expected HTTP 200, found ${response.statusCode}: ${answer.toString().slice(0, 400)}`)
    // Not each: parsing takes processor time that the server needs.
    if (asked++ % 100 === 0) assertAnswer(answer.toString(), source)
    return tookMs
  }

  return {
    async run(length) {
      const times: number[] = []
      const startedAt = performance.now()
      const goesOn =
        'seconds' in length
          ? () => performance.now() - startedAt < length.seconds * 1000
          : () => times.length + source.connections <= length.answers
      const connection = async () => {
        do times.push(await ask())
        while (goesOn())
      }
      await Promise.all(Array.from({ length: source.connections }, connection))
      const seconds = (performance.now() - startedAt) / 1000
      times.sort((a, b) => a - b)
      const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
      return { answers: times.length, seconds, p50: at(0.5), p99: at(0.99), bytes }
    },
    close: () => pool.close(),
  }
}

function toNumbers(numbers: LoadSource['numbers']): () => string {
  if (typeof numbers !== 'number') {
    let next = 0
    return () => numbers[next++ % numbers.length] ?? ''
  }
  const each = nhsNumbers(numbers)
  return () => {
    const { value } = each.next()
    if (value === undefined) throw new RangeError(`Expected at most ${numbers} numbers to be asked for, found one more`)
    return value
  }
}

function assertAnswer(text: string, { path, length }: LoadSource): void {
  const found = path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], JSON.parse(text))
  if (!Array.isArray(found) || found.length !== length)
    throw new Error(`Expected ${length} at ${path}, found ${text.slice(0, 400)}`)
}
