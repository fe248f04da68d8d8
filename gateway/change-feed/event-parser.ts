import { createParser } from 'eventsource-parser'

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
  const { feed } = createParser({
    maxBufferSize: maxEventChars,
    onEvent: ({ event = 'message', data }) => onEvent({ type: event, data }),
    onError({ type }) {
      // Unknown fields are reported here too; the standard ignores them.
      if (type === 'max-buffer-size-exceeded')
        throw new Error(`Change feed: expected events of at most ${maxEventChars} characters`)
    },
  })
  return (bytes) => feed(decoder.decode(bytes, { stream: true }))
}
