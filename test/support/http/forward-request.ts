import { type IncomingMessage, request, type ServerResponse } from 'node:http'

/** Passes a request on to a service, and its answer back, until either end goes away. */
export function forwardRequest(incoming: IncomingMessage, answer: ServerResponse, target: string): void {
  const { method, url, headers } = incoming
  const outgoing = request(new URL(url ?? '/', target), { method: method ?? 'GET', headers }, (answered) => {
    answer.writeHead(answered.statusCode ?? 502, answered.headers)
    answered.on('error', () => answer.destroy()).pipe(answer)
  })
  outgoing.on('error', () => answer.destroy())
  answer.on('close', () => outgoing.destroy())
  incoming.pipe(outgoing)
}
