import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { Exchange, FaultAction, FaultyRegion } from './faulty-region.ts'

/** Stands in everything that a fault says of itself, and must be seen nowhere. */
export const canary = 'canary-4f1c'

export interface Fault {
  readonly name: string
  /** What the region's status is while the fault stands. */
  readonly status: 'ANSWERED' | 'TIMED_OUT' | 'UNREACHABLE' | 'FAILED' | 'IDENTITY_MISMATCH'
  /** How often the region is called for one view while it stands; null: it hears of no call. */
  readonly calls: 1 | 2 | null
  /** Strikes so many calls, all of them by default. */
  inject(region: FaultyRegion, times?: number): Promise<void>
}

/** Where redirects lead. Nobody is to come. */
export interface RedirectTarget extends AsyncDisposable {
  readonly url: string
  readonly visitors: number
}

/** Whose record `wrong patient` answers with; the patient of the tests is another. */
export const stranger = { nhsNumber: '9990000018', name: 'Ashworth' } as const
export const wrongBirthDate = '1901-02-03'

/** Every fault that a region is known for, by name. */
export function listFaults(elsewhere: Pick<RedirectTarget, 'url'>): readonly Fault[] {
  const redirectsTo = (status: number) => end(status, { location: `${elsewhere.url}/${canary}` }, '')
  return [
    {
      name: 'refusing connections',
      status: 'UNREACHABLE',
      calls: null,
      inject: (region) => region.refuseConnections(),
    },
    striking('a black hole', 'TIMED_OUT', 1, () => {}),
    striking('a trickle', 'TIMED_OUT', 1, trickle),
    striking('HTTP 500', 'FAILED', 2, end(500, json, `{"errors":[{"message":"${canary}"}]}`)),
    striking('HTTP 503 with Retry-After', 'FAILED', 1, end(503, { ...json, 'retry-after': '1' }, canary)),
    striking('HTTP 429 with Retry-After', 'FAILED', 1, end(429, { 'retry-after': '1' }, canary)),
    striking(
      'HTML',
      'FAILED',
      1,
      end(200, { 'content-type': 'text/html' }, `<!doctype html><title>${canary}</title><p>Sign in`),
    ),
    striking('an empty body', 'FAILED', 1, end(200, json, '')),
    striking(
      'JSON that stops halfway',
      'FAILED',
      1,
      answering((text) => text.slice(0, text.length / 2)),
    ),
    striking('a connection that closes halfway', 'FAILED', 2, closeHalfway),
    striking('a body of 1 GB', 'FAILED', 1, sendHuge({ isDeclared: false })),
    striking('a body of 1 GB that says so', 'FAILED', 1, sendHuge({ isDeclared: true })),
    striking('GraphQL errors', 'FAILED', 1, end(200, json, `{"data":null,"errors":[{"message":"${canary}"}]}`)),
    striking(
      'GraphQL errors beside data',
      'FAILED',
      1,
      answering((text) => text.replace(/}$/, `,"errors":[{"message":"${canary}"}]}`)),
    ),
    striking(
      'a null where none may be',
      'FAILED',
      1,
      answering((text) => text.replace(/"readAt":"[^"]*"/, '"readAt":null')),
    ),
    striking(
      'an instant that is none',
      'FAILED',
      1,
      answering((text) => text.replace(/"readAt":"[^"]*"/, `"readAt":"${canary}"`)),
    ),
    striking(
      'a null for an item',
      'FAILED',
      1,
      answering((text) => text.replace('"nodes":[{', '"nodes":[null,{')),
    ),
    striking(
      'a section missing',
      'FAILED',
      1,
      answering((text) => text.replaceAll('"nodes":[', `"${canary}":[`)),
    ),
    striking('the wrong patient', 'IDENTITY_MISMATCH', 1, answerOfStranger),
    striking(
      'a record of another number',
      'IDENTITY_MISMATCH',
      1,
      answering((text) =>
        text.replace(/"nhsNumber":"\d{10}"(?=,"localIdentifiers")/g, `"nhsNumber":"${stranger.nhsNumber}"`),
      ),
    ),
    striking(
      'the wrong birth date',
      'IDENTITY_MISMATCH',
      1,
      answering((text) => text.replace(/"birthDate":"[^"]*"/g, `"birthDate":"${wrongBirthDate}"`)),
    ),
    striking(
      'a key twice',
      'FAILED',
      1,
      answering((text) => text.replace('"record":{', `"record":{"${canary}":1},"record":{`)),
    ),
    striking(
      'a key twice, once with spaces and an escape',
      'FAILED',
      1,
      answering((text) => text.replace('"record":{', '"rec\\u006frd" : null,"record":{')),
    ),
    striking(
      'deep JSON',
      'FAILED',
      1,
      answering((text) =>
        text.replace('{"data":{', `{"data":{"${canary}":${'['.repeat(100_000)}${']'.repeat(100_000)},`),
      ),
    ),
    striking(
      'deep JSON in the place of a list',
      'FAILED',
      1,
      answering((text) => text.replace('"nodes":[', `"nodes":[${'['.repeat(100_000)}${']'.repeat(100_000)},`)),
    ),
    striking('gzip that was not asked for', 'FAILED', 1, async ({ response, storesAnswer }) => {
      response.writeHead(200, { ...json, 'content-encoding': 'gzip' }).end(gzipSync(await storesAnswer()))
    }),
    striking(
      'a content encoding that is not so',
      'FAILED',
      1,
      answering((text) => text, { 'content-encoding': 'br' }),
    ),
    striking('a redirect', 'FAILED', 1, redirectsTo(302)),
    striking('a redirect of the request with its body', 'FAILED', 1, redirectsTo(307)),
    striking('something that is not HTTP', 'FAILED', 1, ({ socket }) => void socket.end(`${canary}\r\n\r\n`)),
    striking('closing kept-alive connections at the worst moment', 'ANSWERED', 2, closeReused),
  ]
}

export async function startRedirectTarget(): Promise<RedirectTarget> {
  let visitors = 0
  const server = createServer((_, response) => {
    visitors++
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    get visitors() {
      return visitors
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Answers, but only after so long. */
export function delayReply(delayMs: number): FaultAction {
  return ({ response, storesAnswer }) => {
    const timer = setTimeout(async () => {
      const answer = await storesAnswer().catch(() => null)
      if (answer === null) response.destroy()
      else response.writeHead(200, json).end(answer)
    }, delayMs)
    response.on('close', () => clearTimeout(timer))
  }
}

const json = { 'content-type': 'application/json' } as const
const gigabyte = 1024 ** 3

function striking(name: string, status: Fault['status'], calls: Fault['calls'], strike: FaultAction): Fault {
  return { name, status, calls, inject: async (region, times) => region.inject(strike, times) }
}

function end(status: number, headers: Readonly<Record<string, string>>, body: string): FaultAction {
  return ({ response }) => void response.writeHead(status, headers).end(body)
}

/** The store's own answer, changed. Throws where the change changes nothing, for then there would be no fault. */
function answering(change: (text: string) => string, headers: Readonly<Record<string, string>> = {}): FaultAction {
  return async ({ response, storesAnswer }) => {
    const answer = await storesAnswer()
    const changed = change(answer)
    if (changed === answer && Object.keys(headers).length === 0) throw new Error('Expected a change, found none')
    response.writeHead(200, { ...json, ...headers }).end(changed)
  }
}

async function trickle({ response, storesAnswer }: Exchange): Promise<void> {
  const answer = Buffer.from(await storesAnswer())
  response.writeHead(200, { ...json, 'content-length': answer.length })
  let place = 0
  const timer = setInterval(() => response.write(answer.subarray(place, ++place)), 10)
  response.on('close', () => clearInterval(timer))
}

async function closeHalfway({ response, socket, storesAnswer }: Exchange): Promise<void> {
  const answer = await storesAnswer()
  response.writeHead(200, { ...json, 'content-length': Buffer.byteLength(answer) })
  response.write(answer.slice(0, answer.length / 2), () => socket.destroy())
}

/** A kept-alive connection takes the request and closes, as one does that was just about to. */
async function closeReused({ response, socket, isReused, storesAnswer }: Exchange): Promise<void> {
  if (isReused) socket.destroy()
  else response.writeHead(200, json).end(await storesAnswer())
}

function sendHuge({ isDeclared }: { readonly isDeclared: boolean }): FaultAction {
  return ({ response, sent }) => {
    response.writeHead(200, isDeclared ? { ...json, 'content-length': gigabyte } : json)
    const piece = Buffer.alloc(64 * 1024, ' ')
    let left = gigabyte
    const send = () => {
      while (left > 0 && !response.destroyed) {
        left -= piece.length
        sent(piece.length)
        if (!response.write(piece)) {
          response.once('drain', send)
          return
        }
      }
      response.end()
    }
    send()
  }
}

async function answerOfStranger({ response, body, storesAnswer }: Exchange): Promise<void> {
  const { query, variables } = JSON.parse(body) as { query: string; variables: Record<string, unknown> }
  const others = Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name, name.endsWith('_numbers') ? [stranger.nhsNumber] : value]),
  )
  response.writeHead(200, json).end(await storesAnswer(JSON.stringify({ query, variables: others })))
}
