import { z } from 'zod'

const text = z.string().min(1)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const accessEvent = z.strictObject({
  /**
   * A view of one patient in one region, asked or refused; a document's content opened; a permission recorded or withdrawn; the glass broken;
   * a review of that; a privacy officer's query.
   */
  kind: z.enum(['VIEW', 'DOCUMENT', 'PERMISSION', 'BREAK_GLASS', 'REVIEW', 'PRIVACY_QUERY']),
  /** The request, as in logs and traces. */
  requestId: text,
  /** The GraphQL operation's name and the SHA-256 of its text, in hex; null where the request is no GraphQL or the operation has no name. */
  operation: z.strictObject({ name: text.nullable(), hash: sha256.nullable() }).readonly(),
  /** Who asked: NHS CIS2 user id, and the name in the token. Events of the first gateways, which accepted empty ids, are read as odd ones are (salvage-entry.ts). */
  person: z.strictObject({ id: text, name: z.string().nullable() }).readonly(),
  /** SDS job role. */
  role: z.strictObject({ code: z.string(), display: z.string().nullable() }).readonly(),
  /** Where the role is held, and the regions it belonged to at that time. */
  organisation: z
    .strictObject({ odsCode: text, name: z.string().nullable(), regions: z.array(text).readonly() })
    .readonly(),
  /** The patient, by the number that was asked; null where the event concerns none. */
  nhsNumber: text.nullable(),
  /** The person whose accesses a privacy officer asked for; null elsewhere. */
  aboutPerson: text.nullable(),
  /** The document that was opened; null elsewhere. */
  documentId: text.nullable(),
  /** Purpose of use, as DIRECT_CARE; null where none applies. */
  purpose: text.nullable(),
  /** The relationship that was claimed. */
  relationship: text.nullable(),
  /** The occasion that was stated. */
  reason: text.nullable(),
  /** NHS CIS2 user id of a student's supervisor. */
  supervisor: text.nullable(),
  /** The region's break-glass grant, or without one the patient's permission to view, under which it released; that which a change gave or concerns. */
  authority: z
    .strictObject({ kind: z.enum(['PERMISSION', 'GRANT']), id: text })
    .readonly()
    .nullable(),
  /** What was to be changed, as `breakGlass PERMISSION EMERGENCY`; null where nothing was. */
  change: text.nullable().default(null),
  /**
   * Joins a change's intent, which is on the trail before the region is asked (status INTENDED), and its outcome; null where nothing was asked to be
   * changed. An intent without an outcome: the change may or may not be made. Events older than this word are outcomes.
   */
  changeId: text.nullable().default(null),
  /** The region asked; null where the gateway alone answered. */
  region: text.nullable(),
  /** What was decided, by which rules: item rules too, which no viewer is told. */
  decision: z.strictObject({ code: text, rules: z.array(text).readonly(), policyVersion: text.nullable() }).readonly(),
  /** The region's status in the answer, as ANSWERED or TIMED_OUT; of a change INTENDED before it is asked, and DONE or REFUSED where the region answered. */
  status: text,
  /** How long the region took; null where it was not asked. */
  latencyMs: z.number().min(0).nullable(),
  /** Where the answer came from. */
  answeredFrom: z.enum(['REGION', 'CACHE', 'NOWHERE']),
  /** How many items left the gateway for this patient from this region. */
  items: z.int().min(0),
  /** Sections of which something was withheld. */
  withheld: z.array(text).readonly(),
  /** The region's rules ask for an alert. Events older than this word raised none. */
  alert: z.boolean().default(false),
})

const recoveryEvent = z.strictObject({
  /** Written at start, after an end that was not in order. */
  kind: z.literal('RECOVERY'),
  /** Bytes of a write that a crash cut short, now removed; nobody was answered for them. */
  cutBytes: z.int().min(0),
  /** SHA-256 of those bytes; null where there were none. */
  cutHash: sha256.nullable(),
  /** Whole events before this one that were written, but not yet confirmed in the head when the writer ended. */
  unconfirmed: z.int().min(0),
})

const retentionEvent = z.strictObject({
  /** Written before files beyond retention are removed: the anchor from which the rest of their chain verifies. */
  kind: z.literal('RETENTION'),
  /** Whose files. */
  writer: text,
  keptYears: z.number().min(0),
  /** Each file removed, oldest first, with its last event's sequence, hash and time. */
  dropped: z
    .array(z.strictObject({ file: text, sequence: z.int().min(1), hash: sha256, time: z.iso.datetime() }).readonly())
    .readonly(),
})

const registerEvent = z.strictObject({
  /** Writers of the trail: from now on one that is missing is a break. */
  kind: z.literal('REGISTER'),
  writers: z.array(text).min(1).readonly(),
  /** `FOUND`: they wrote before there was a register. `NEW`: they begin now. */
  why: z.enum(['FOUND', 'NEW']),
})

const retirementEvent = z.strictObject({
  /** A writer that writes no more: its folder may be taken away. */
  kind: z.literal('RETIREMENT'),
  writer: text,
  /** The last entry of the chain; null if its files were gone. */
  head: z
    .strictObject({ sequence: z.int().min(0), hash: sha256 })
    .readonly()
    .nullable(),
})

/** This event replaces a line that cannot be read; it is never written. */
const unreadableEvent = z.strictObject({ kind: z.literal('UNREADABLE'), said: z.string() })

/** An access as a line has it. */
export const accessEventSchema = accessEvent

/** An entry as a line has it. */
export const trailEntrySchema = z.strictObject({
  /** 1 for the writer's first event, and one more for each. */
  sequence: z.int().min(1),
  /** The process whose chain this is. */
  writer: text,
  /** When it was written, in UTC. */
  time: z.iso.datetime(),
  /** Hash of the event before; zeros before the first. */
  previous: sha256,
  event: z.discriminatedUnion('kind', [accessEvent, recoveryEvent, retentionEvent, registerEvent, retirementEvent]),
  /** SHA-256 of the line up to here. */
  hash: sha256,
})

/** One access: who asked for what, why, and what came of it. One per patient and region, and per document opened. */
export type AccessEvent = Readonly<z.infer<typeof accessEvent>>
/** The trail's note on its own recovery. */
export type RecoveryEvent = Readonly<z.infer<typeof recoveryEvent>>
/** The trail's note on its own retention. */
export type RetentionEvent = Readonly<z.infer<typeof retentionEvent>>
/** The register's notes of who writes on the trail, and who does no more. */
export type RegisterEvent = Readonly<z.infer<typeof registerEvent>> | Readonly<z.infer<typeof retirementEvent>>
/** The trail's notes on itself. */
export type MaintenanceEvent = RecoveryEvent | RetentionEvent | RegisterEvent
/** What a trail records. */
export type AuditEvent = AccessEvent | MaintenanceEvent
/** The parts that could not be read. */
export type UnreadableEvent = Readonly<z.infer<typeof unreadableEvent>>
/** An event in its place in a writer's chain, as it was read. */
export type TrailEntry = Readonly<Omit<z.infer<typeof trailEntrySchema>, 'event'>> & {
  readonly event: AuditEvent | UnreadableEvent
}

/** Whether an event is of an access, not of the trail itself. */
export function isAccessEvent(event: AuditEvent | UnreadableEvent): event is AccessEvent {
  return 'person' in event
}

/** The entry in a line's JSON value; throws where it is none. */
export function toTrailEntry(value: unknown): TrailEntry {
  return trailEntrySchema.parse(value)
}
