import { type IncomingMessage, request } from 'node:http'

export interface Answer {
  readonly status: number
  /** Status, headers and body. */
  readonly text: string
}

/**
 * Sends a request over a connection of its own, and hears its answer though the service hangs up before all is sent.
 */
export function sendRequest(
  url: string,
  {
    method,
    headers,
    body = '',
  }: { readonly method: string; readonly headers: Readonly<Record<string, string>>; readonly body?: string },
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let answered = false
    const listen = (response: IncomingMessage) => {
      answered = true
      let text = `${response.statusCode} ${JSON.stringify(response.rawHeaders)} `
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('close', () => {
        resolve({ status: response.statusCode ?? 0, text })
        sent.destroy()
      })
    }
    const sent = request(
      url,
      { method, headers: { 'content-length': Buffer.byteLength(body), ...headers }, agent: false },
      listen,
    )
    sent.on('error', (error) => {
      if (!answered) reject(error)
    })
    // Not ended: where the headers say that there is more, it stays away.
    sent.flushHeaders()
    if (body !== '') sent.write(body)
  })
}
