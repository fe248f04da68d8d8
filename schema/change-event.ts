import { z } from 'zod'

/** The path at which a region's record store serves its change feed. */
export const changesPath = '/changes'

const sequence = z.int().min(0)
/** Milliseconds on the store's monotonic clock, which no other process shares. */
const clockMs = z.number()

/** The store had committed nothing beyond this sequence number by `clockMs`. */
const mark = z.object({ sequence, clockMs })
const hello = mark.extend({ policyVersion: z.string().min(1) })
const nhsNumber = z.string().regex(/^\d{10}$/)
const change = z.object({ kind: z.enum(['publish', 'consent']), nhsNumber, sensitive: z.boolean().optional() })
const flags = z.object({ sequence, nhsNumbers: z.array(nhsNumber).readonly(), more: z.boolean() })

/** The last sequence number that a store had committed, and when. */
export type ChangeMark = Readonly<z.infer<typeof mark>>

/**
 * The events of a store's change feed. `hello` comes first, `heartbeat` each second while the store can be read, and
 * `change` for each commit with its sequence number and whether the patient is now flagged sensitive. `reset` says that
 * earlier events belong to another history, and that changes continue after `sequence`. `flags` follows the greeting:
 * every number of a patient flagged sensitive, as of `sequence`, in several events where `more` says so.
 */
export type ChangeEvent =
  | ({ readonly type: 'hello' } & Readonly<z.infer<typeof hello>>)
  | ({ readonly type: 'heartbeat' } & ChangeMark)
  | ({ readonly type: 'change'; readonly sequence: number } & Readonly<z.infer<typeof change>>)
  | { readonly type: 'reset'; readonly sequence: number }
  | ({ readonly type: 'flags' } & Readonly<z.infer<typeof flags>>)

/**
 * Formats a server-sent event (HTML Living Standard, 9.2). `id` says that all changes up to it are sent; Last-Event-ID
 * returns it.
 */
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

/**
 * Parses an event's name and data; null for a name that this version does not know. Throws where the data do not fit
 * the name, without quoting them.
 */
export function parseChangeEvent(type: string, data: string): ChangeEvent | null {
  if (!types.has(type)) return null
  try {
    return events.parse({ ...JSON.parse(data), type })
  } catch {
    throw new Error(`Change feed: expected the data of the event ${type}`)
  }
}
