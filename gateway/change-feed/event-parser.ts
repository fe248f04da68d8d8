/** A complete server-sent event. */
export interface ServerSentEvent {
  /** `message` if the event has no name. */
  readonly type: string
  readonly data: string
}

export interface EventParserOptions {
  readonly onEvent: (event: ServerSentEvent) => void
  /** Upper bound on one event, in characters. @default 65536 */
  readonly maxEventChars?: number
}

/**
 * Creates a parser of an event stream (HTML Living Standard, section 9.2.6). It accepts chunks of any size and emits
 * each event once it is complete. Ids and retry times are ignored. The parser throws if an event exceeds
 * `maxEventChars`.
 */
export function createEventParser({
  onEvent,
  maxEventChars = 65_536,
}: EventParserOptions): (bytes: Uint8Array) => void {
  const decoder = new TextDecoder()
  let rest = ''
  let afterReturn = false
  let type = ''
  let data: string[] = []
  let chars = 0

  const dispatch = () => {
    if (data.length > 0) onEvent({ type: type || 'message', data: data.join('\n') })
    type = ''
    data = []
    chars = 0
  }
  const parseLine = (line: string) => {
    if (line === '') return dispatch()
    chars += line.length
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'event') type = value
    if (field === 'data') data.push(value)
  }

  return (bytes) => {
    const decoded = decoder.decode(bytes, { stream: true })
    if (decoded === '') return
    // The line feed completes a line end whose carriage return ended the previous chunk.
    const text = rest + (afterReturn && decoded.startsWith('\n') ? decoded.slice(1) : decoded)
    afterReturn = decoded.endsWith('\r')
    const lines = text.split(/\r\n|\r|\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      parseLine(line)
      if (chars > maxEventChars) break
    }
    if (chars + rest.length > maxEventChars)
      throw new Error(`Change feed: expected events of at most ${maxEventChars} characters`)
  }
}
