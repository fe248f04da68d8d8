import { z } from 'zod'

const text = z.string().min(1)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)

const accessEvent = z.strictObject({
  /**
   * VIEW: one patient in one region. DOCUMENT: a content. PERMISSION, BREAK_GLASS: recorded or withdrawn. REVIEW: of a
   * break-glass access. PRIVACY_QUERY: by a privacy officer.
   */
  kind: z.enum(['VIEW', 'DOCUMENT', 'PERMISSION', 'BREAK_GLASS', 'REVIEW', 'PRIVACY_QUERY']),
  /** Request id, as in logs and traces. */
  requestId: text,
  /**
   * Name of the GraphQL operation and SHA-256 of its text, in hex. Null for another kind of request, or an operation
   * without a name.
   */
  operation: z.strictObject({ name: text.nullable(), hash: sha256.nullable() }).readonly(),
  /**
   * The viewer: NHS CIS2 user id, and the name in the token. The first gateways accepted empty ids; those events are
   * read as malformed (salvage-entry.ts).
   */
  person: z.strictObject({ id: text, name: z.string().nullable() }).readonly(),
  /** SDS job role. */
  role: z.strictObject({ code: z.string(), display: z.string().nullable() }).readonly(),
  /** The organisation in which the viewer holds the role, and the regions to which it belonged at that time. */
  organisation: z
    .strictObject({ odsCode: text, name: z.string().nullable(), regions: z.array(text).readonly() })
    .readonly(),
  /** The patient, by the NHS number requested; null if the event concerns none. */
  nhsNumber: text.nullable(),
  /** The person whose accesses a privacy officer requested; else null. */
  aboutPerson: text.nullable(),
  /** The document whose content was opened; else null. */
  documentId: text.nullable(),
  /** Purpose of use, such as DIRECT_CARE; null if none applies. */
  purpose: text.nullable(),
  /** The relationship with the patient that the viewer claimed. */
  relationship: text.nullable(),
  /** The reason that the viewer stated. */
  reason: text.nullable(),
  /** NHS CIS2 user id of a student's supervisor. */
  supervisor: text.nullable(),
  /**
   * The region's break-glass grant, or else the patient's permission to view, that allowed the release. For a change,
   * the grant or permission that it created or concerns.
   */
  authority: z
    .strictObject({ kind: z.enum(['PERMISSION', 'GRANT']), id: text })
    .readonly()
    .nullable(),
  /** The change requested, such as `breakGlass PERMISSION EMERGENCY`; else null. */
  change: text.nullable().default(null),
  /**
   * Joins a change's intent (status INTENDED, written before the region is called) and its outcome; null for any other
   * event. After an intent without an outcome, the change may have been made or not. Events older than this field are
   * outcomes.
   */
  changeId: text.nullable().default(null),
  /** The region called; null if the gateway alone answered. */
  region: text.nullable(),
  /** The region's decision and the rules that determined it, including item rules, which no viewer learns. */
  decision: z.strictObject({ code: text, rules: z.array(text).readonly(), policyVersion: text.nullable() }).readonly(),
  /**
   * The region's status in the answer, such as ANSWERED or TIMED_OUT. For a change: INTENDED, then DONE or REFUSED if
   * the region answered.
   */
  status: text,
  /** Duration of the region's answer; null if the region was not called. */
  latencyMs: z.number().min(0).nullable(),
  /** Source of the answer. */
  answeredFrom: z.enum(['REGION', 'CACHE', 'NOWHERE']),
  /** Number of items of this patient from this region in the answer. */
  items: z.int().min(0),
  /** Sections from which the region withheld items. */
  withheld: z.array(text).readonly(),
  /** Whether the region's rules require an alert. Events older than this field raised none. */
  alert: z.boolean().default(false),
})

const recoveryEvent = z.strictObject({
  /** Written at start after an unclean end. */
  kind: z.literal('RECOVERY'),
  /** Bytes of an incomplete write that were removed. No request was answered because of them. */
  cutBytes: z.int().min(0),
  /** SHA-256 of those bytes; null if there were none. */
  cutHash: sha256.nullable(),
  /** Complete events before this one that the head had not confirmed when the writer ended. */
  unconfirmed: z.int().min(0),
})

const retentionEvent = z.strictObject({
  /**
   * Written before files beyond retention are removed. It is the anchor from which the rest of their chain verifies.
   */
  kind: z.literal('RETENTION'),
  /** The writer whose files are removed. */
  writer: text,
  keptYears: z.number().min(0),
  /** The removed files, oldest first, each with the sequence number, hash and time of its last event. */
  dropped: z
    .array(z.strictObject({ file: text, sequence: z.int().min(1), hash: sha256, time: z.iso.datetime() }).readonly())
    .readonly(),
})

const registerEvent = z.strictObject({
  /** Registers writers of the trail. A registered writer that is missing breaks the trail. */
  kind: z.literal('REGISTER'),
  writers: z.array(text).min(1).readonly(),
  /** `FOUND`: the writers existed before the register. `NEW`: they start now. */
  why: z.enum(['FOUND', 'NEW']),
})

const retirementEvent = z.strictObject({
  /** Retires a writer: it writes no more, and its folder may be removed. */
  kind: z.literal('RETIREMENT'),
  writer: text,
  /** The last entry of the chain; null if its files were missing. */
  head: z
    .strictObject({ sequence: z.int().min(0), hash: sha256 })
    .readonly()
    .nullable(),
})

/** Stands for a line that cannot be read; it is never written. */
const unreadableEvent = z.strictObject({ kind: z.literal('UNREADABLE'), said: z.string() })

/** Schema of an access in a line of the trail. */
export const accessEventSchema = accessEvent

/** Schema of a line of the trail. */
export const trailEntrySchema = z.strictObject({
  /** 1 for the writer's first event; increases by one. */
  sequence: z.int().min(1),
  /** The process that wrote the chain. */
  writer: text,
  /** When the line was written, in UTC. */
  time: z.iso.datetime(),
  /** Hash of the previous event; zeros in the first line. */
  previous: sha256,
  event: z.discriminatedUnion('kind', [accessEvent, recoveryEvent, retentionEvent, registerEvent, retirementEvent]),
  /** SHA-256 of the line up to this property. */
  hash: sha256,
})

/**
 * One access: who requested what, why, and the outcome. There is one per patient and region, and one per document
 * opened.
 */
export type AccessEvent = Readonly<z.infer<typeof accessEvent>>
/** Event of a recovery after an unclean end. */
export type RecoveryEvent = Readonly<z.infer<typeof recoveryEvent>>
/** Event of files removed after retention. */
export type RetentionEvent = Readonly<z.infer<typeof retentionEvent>>
/** Events of the register: writers that start, and writers that are retired. */
export type RegisterEvent = Readonly<z.infer<typeof registerEvent>> | Readonly<z.infer<typeof retirementEvent>>
/** Events about the trail itself. */
export type MaintenanceEvent = RecoveryEvent | RetentionEvent | RegisterEvent
/** Any event that a trail records. */
export type AuditEvent = AccessEvent | MaintenanceEvent
/** The parts of a line that could not be read. */
export type UnreadableEvent = Readonly<z.infer<typeof unreadableEvent>>
/** An event and its position in a writer's chain, as read. */
export type TrailEntry = Readonly<Omit<z.infer<typeof trailEntrySchema>, 'event'>> & {
  readonly event: AuditEvent | UnreadableEvent
}

/** Returns whether an event is an access, and not about the trail itself. */
export function isAccessEvent(event: AuditEvent | UnreadableEvent): event is AccessEvent {
  return 'person' in event
}

/** Parses the JSON value of a line. Throws if it is no entry. */
export function toTrailEntry(value: unknown): TrailEntry {
  return trailEntrySchema.parse(value)
}
