import { createParser } from 'eventsource-parser'

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
 * Creates a function that takes an event stream's bytes in whatever pieces they come, and passes on each event as soon as it is whole
 * (HTML Living Standard, 9.2.6; ids and retry times are left to whoever reads the data). It throws where an event is too long.
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
      // Unknown fields are errors too, which the standard ignores.
      if (type === 'max-buffer-size-exceeded')
        throw new Error(`Change feed: expected events of at most ${maxEventChars} characters`)
    },
  })
  return (bytes) => feed(decoder.decode(bytes, { stream: true }))
}
