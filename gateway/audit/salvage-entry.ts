import { z } from 'zod'
import { type AccessEvent, accessEventSchema, type TrailEntry, trailEntrySchema } from './audit-event.ts'
import { genesis, parseLine } from './chain-line.ts'

/** An entry, as far as it can be read. `odd` names its malformed fields; null: there are none. */
export type SalvagedEntry = TrailEntry & { readonly odd: string | null }

/** Position of a line, used for what the line itself does not state. */
export interface LinePosition {
  readonly writer: string
  /** Sequence number that the event should have. */
  readonly sequence: number
  /** Time of the previous event. */
  readonly time: string
}

const hashMismatch = 'its hash does not fit its text'

/**
 * Parses a line of any content, because one malformed event must not hide the others. A malformed field is replaced by
 * a placeholder (`unknown`, null) and named in `odd`. A line that is no event becomes an UNREADABLE event.
 */
export function salvageEntry(bytes: Buffer, place: LinePosition): SalvagedEntry {
  const link = parseLine(bytes)
  if (!link) return { ...toUnreadable(place, ''), odd: 'the line is no event' }
  const { integrity, ...value } = link
  const whole = trailEntrySchema.safeParse(value)
  if (whole.success && value.writer === place.writer)
    return { ...whole.data, odd: integrity === 'INTACT' ? null : hashMismatch }
  const at = { ...toUnreadable(place, readKind(value.event)), ...salvageEntryFields(value, place) }
  const access = salvageAccess(value.event)
  const paths = whole.success
    ? ['writer']
    : [...new Set(whole.error.issues.map(({ path }) => path.join('.').replace(/^event\./, '')))].slice(0, mostPaths)
  return {
    ...at,
    writer: place.writer,
    ...(access ? { event: access } : {}),
    odd: [...(integrity === 'INTACT' ? [] : [hashMismatch]), ...paths].join(', ') || 'its form',
  }
}

const mostPaths = 10

function toUnreadable({ writer, sequence, time }: LinePosition, kind: string): TrailEntry {
  return { writer, sequence, time, previous: genesis, hash: genesis, event: { kind: 'UNREADABLE', said: kind } }
}

/** Returns the fields of an entry other than its event; malformed ones are taken from the position. */
function salvageEntryFields(value: object, place: LinePosition): Omit<TrailEntry, 'event'> {
  const { event: _, ...shape } = trailEntrySchema.shape
  return salvageFields(z.strictObject(shape), value, { ...place, previous: genesis, hash: genesis }) as Omit<
    TrailEntry,
    'event'
  >
}

/** Returns null if the kind is not that of an access. */
function salvageAccess(event: unknown): AccessEvent | null {
  return accessEventSchema.shape.kind.safeParse(readKind(event)).success
    ? (salvageFields(accessEventSchema, event, placeholderEvent) as AccessEvent)
    : null
}

function readKind(event: unknown): string {
  const { kind } = toObject(event)
  return typeof kind === 'string' ? kind.slice(0, 40).replace(/\s/g, ' ') : ''
}

/** Placeholders of malformed fields. */
const placeholderEvent: AccessEvent = {
  kind: 'VIEW',
  requestId: 'unknown',
  operation: { name: null, hash: null },
  person: { id: 'unknown', name: null },
  role: { code: '', display: null },
  organisation: { odsCode: 'unknown', name: null, regions: [] },
  nhsNumber: null,
  aboutPerson: null,
  documentId: null,
  purpose: null,
  relationship: null,
  reason: null,
  supervisor: null,
  authority: null,
  change: null,
  changeId: null,
  region: null,
  decision: { code: 'UNDECIDED', rules: [], policyVersion: null },
  status: 'unknown',
  latencyMs: null,
  answeredFrom: 'NOWHERE',
  items: 0,
  withheld: [],
  alert: false,
}

/**
 * Returns each valid field of a schema. A malformed field is salvaged in turn if it has fields of its own; else its
 * placeholder is returned.
 */
function salvageFields(form: z.ZodObject, value: unknown, instead: object): object {
  const found = toObject(value)
  const fields = Object.entries(form.shape).map(([name, field]) => {
    const parsed = field.safeParse(found[name])
    if (parsed.success) return [name, parsed.data]
    const inner = toInnerSchema(field)
    const stand = toObject(instead)[name]
    return [
      name,
      inner && typeof found[name] === 'object' && stand ? salvageFields(inner, found[name], stand as object) : stand,
    ]
  })
  return Object.fromEntries(fields)
}

function toInnerSchema(field: unknown): z.ZodObject | null {
  const inner = field instanceof z.ZodReadonly ? field.unwrap() : field
  return inner instanceof z.ZodObject ? inner : null
}

function toObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {}
}
