import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout as delay } from 'node:timers/promises'

export interface Post {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface Posted {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly text: string
}

/**
 * A client that keeps its connection, as pools do, or makes a new one for each request, and tries again only where it
 * could not connect at all.
 */
export interface ConnectRetryClient extends Disposable {
  /**
   * Posts to the first of the addresses that takes the connection, the last one that did before the others. Rejects for
   * anything else: a request is never sent twice.
   */
  post(what: Post): Promise<Posted>
  /** How often a connection was refused. */
  readonly refused: number
}

export function createConnectRetryClient(
  urls: readonly string[],
  { keepAlive }: { readonly keepAlive: boolean },
): ConnectRetryClient {
  const agent = new Agent({ keepAlive, maxSockets: 1 })
  let current = 0
  let refused = 0
  const post = async (what: Post): Promise<Posted> => {
    for (;;) {
      try {
        return await postOnce(agent, urls[current] ?? '', what)
      } catch (cause) {
        if (!isRefused(cause)) throw cause
        refused++
        current = (current + 1) % urls.length
        // Refused by all, it comes again a little later.
        if (refused % urls.length === 0) await delay(20)
      }
    }
  }
  return {
    post,
    get refused() {
      return refused
    },
    [Symbol.dispose]: () => agent.destroy(),
  }
}

function isRefused(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED'
}

function postOnce(agent: Agent, url: string, { path, headers, body }: Post): Promise<Posted> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url + path,
      { agent, method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk) => chunks.push(chunk))
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        )
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}
