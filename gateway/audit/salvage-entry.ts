import { z } from 'zod'
import { type AccessEvent, accessEventSchema, type TrailEntry, trailEntrySchema } from './audit-event.ts'
import { genesis, parseLine } from './chain-line.ts'

/** An entry of a trail as far as it can be read; `odd` names what is not as it should be, null where all is. */
export type SalvagedEntry = TrailEntry & { readonly odd: string | null }

/** Where a line stands, for what it does not say itself. */
export interface LinePosition {
  readonly writer: string
  /** Of the event that should stand here. */
  readonly sequence: number
  /** Of the event before. */
  readonly time: string
}

const hashMismatch = 'its hash does not fit its text'

/**
 * The entry in a line, whatever is in it: one odd event must not keep the others from being read. What is not as its form says is replaced by a word
 * that says nothing (`unknown`, null), and named; a line that is no event at all becomes an UNREADABLE one.
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

/** The fields of an entry beside its event, those of its place where its own are odd. */
function salvageEntryFields(value: object, place: LinePosition): Omit<TrailEntry, 'event'> {
  const { event: _, ...shape } = trailEntrySchema.shape
  return salvageFields(z.strictObject(shape), value, { ...place, previous: genesis, hash: genesis }) as Omit<
    TrailEntry,
    'event'
  >
}

/** Null where the kind is none of an access. */
function salvageAccess(event: unknown): AccessEvent | null {
  return accessEventSchema.shape.kind.safeParse(readKind(event)).success
    ? (salvageFields(accessEventSchema, event, placeholderEvent) as AccessEvent)
    : null
}

function readKind(event: unknown): string {
  const { kind } = toObject(event)
  return typeof kind === 'string' ? kind.slice(0, 40).replace(/\s/g, ' ') : ''
}

/** What stands for a field that is odd. */
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

/** Each field of a form that is as the form says; of one that is not, its own fields likewise where it has some, else what stands for it. */
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
