import { openRawConnection } from './raw-connection.ts'

/** What a service answered, until it ended the connection. */
export interface RawResponse {
  /** 0: it ended the connection without an answer. */
  readonly status: number
  readonly head: string
  readonly body: string
}

/**
 * Sends these bytes on a connection of its own, and no more: a body that is announced and does not come is not waited
 * for.
 */
export async function sendBytes(url: string, bytes: string): Promise<RawResponse> {
  using connection = await openRawConnection(url)
  connection.send(bytes)
  return parseResponse(await connection.ended)
}

export function parseResponse(received: string): RawResponse {
  const end = received.indexOf('\r\n\r\n')
  const head = received.slice(0, end)
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0), head, body: received.slice(end + 4) }
}

/** The code of the first error of a body. */
export function toErrorCode(body: string): unknown {
  try {
    return JSON.parse(body).errors?.[0]?.extensions?.code
  } catch {
    return undefined
  }
}

/** A request's head in HTTP/1.1, its connection's last. */
export function printRequestHead(method: string, target: string, headers: Readonly<Record<string, string>>): string {
  const lines = Object.entries({ host: 'service.test', connection: 'close', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  return `${method} ${target} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
}
