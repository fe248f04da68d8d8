/** A server-sent event that has come whole. */
export interface ServerSentEvent {
  /** `message` where it has no name. */
  readonly type: string
  readonly data: string
}

export interface EventParserOptions {
  readonly onEvent: (event: ServerSentEvent) => void
  /** The longest event that is waited for. @default 65536 */
  readonly maxEventChars?: number
}

/**
 * Takes an event stream's bytes in whatever pieces they come, and tells each event as soon as it is whole (HTML Living Standard, 9.2.6;
 * ids and retry times are left to whoever reads the data). Throws where an event is too long.
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
  const takeLine = (line: string) => {
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
    // A line feed whose carriage return ended the piece before.
    const text = rest + (afterReturn && decoded.startsWith('\n') ? decoded.slice(1) : decoded)
    afterReturn = decoded.endsWith('\r')
    const lines = text.split(/\r\n|\r|\n/)
    rest = lines.pop() ?? ''
    for (const line of lines) {
      takeLine(line)
      if (chars > maxEventChars) break
    }
    if (chars + rest.length > maxEventChars)
      throw new Error(`Change feed: expected events of at most ${maxEventChars} characters`)
  }
}
