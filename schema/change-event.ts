import { z } from 'zod'

/** Where a region's record store serves its changes. */
export const changesPath = '/changes'

const sequence = z.int().min(0)
/** Milliseconds on the store's own clock, which only goes forward and means nothing elsewhere. */
const clockMs = z.number()

/** By `clockMs` the store had committed nothing beyond `sequence`. */
const mark = z.object({ sequence, clockMs })
const hello = mark.extend({ policyVersion: z.string().min(1) })
const nhsNumber = z.string().regex(/^\d{10}$/)
const change = z.object({ kind: z.enum(['publish', 'consent']), nhsNumber, sensitive: z.boolean().optional() })
const flags = z.object({ sequence, nhsNumbers: z.array(nhsNumber).readonly(), more: z.boolean() })

/** How far a store had committed, and when. */
export type ChangeMark = Readonly<z.infer<typeof mark>>

/**
 * What a store tells on its change feed. `hello` comes first, `heartbeat` every second for as long as the store can be asked, and a
 * `change` for what was committed: `sequence` is then the change's own, and `sensitive` whether the patient is flagged since. `reset`: what
 * was heard before is of another history, and changes go on after `sequence`. `flags`, after the greeting: every number under which a
 * patient flagged sensitive may be asked for, as of `sequence`, in several events where `more` says so.
 */
export type ChangeEvent =
  | ({ readonly type: 'hello' } & Readonly<z.infer<typeof hello>>)
  | ({ readonly type: 'heartbeat' } & ChangeMark)
  | ({ readonly type: 'change'; readonly sequence: number } & Readonly<z.infer<typeof change>>)
  | { readonly type: 'reset'; readonly sequence: number }
  | ({ readonly type: 'flags' } & Readonly<z.infer<typeof flags>>)

/** A server-sent event (HTML Living Standard, 9.2); `id`: all changes up to this sequence number have been sent, as Last-Event-ID says it back. */
export function printChangeEvent({ type, ...data }: ChangeEvent, id: number): string {
  return `id: ${id}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`
}

const events = z.discriminatedUnion('type', [
  hello.extend({ type: z.literal('hello') }),
  mark.extend({ type: z.literal('heartbeat') }),
  change.extend({ type: z.literal('change'), sequence }),
  z.object({ type: z.literal('reset'), sequence }),
  flags.extend({ type: z.literal('flags') }),
])
const types: ReadonlySet<string> = new Set(events.options.map((option) => option.shape.type.value))

/** What an event's name and data say; null for a name that this version does not know. Throws, in words that hold nothing of the data, where the data are not the name's. */
export function parseChangeEvent(type: string, data: string): ChangeEvent | null {
  if (!types.has(type)) return null
  try {
    return events.parse({ ...JSON.parse(data), type })
  } catch {
    throw new Error(`Change feed: expected the data of the event ${type}`)
  }
}
