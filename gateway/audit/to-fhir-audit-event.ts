import { roleSystem } from '../../schema/access-token.ts'
import {
  type AccessEvent,
  isAccessEvent,
  type MaintenanceEvent,
  type TrailEntry,
  type UnreadableEvent,
} from './audit-event.ts'
import { type EntryInFile, readEntries } from './read-entries.ts'
import {
  auditUrnPrefix,
  type FhirAuditDetails,
  type FhirAuditEntity,
  type FhirCoding,
  type FhirConcept,
  type FhirReference,
  toFhirDetails,
  toFhirPractitioner,
  toFhirValue,
  toQueryEntity,
  toSubjectEntities,
  toTrailEntity,
} from './to-fhir-entities.ts'

const dicom = 'http://dicom.nema.org/resources/ontology/DCM'

type Classification = Pick<FhirAuditEvent, 'type' | 'subtype' | 'action'>

// DICOM PS3.15 A.5.3, as IHE ATNA uses it: a query is executed, a record is read, so is the audit log; consent is part
// of the record.
const classifications: Readonly<Record<TrailEntry['event']['kind'], Classification>> = {
  VIEW: classify({ system: dicom, code: '110112', display: 'Query' }, 'patient-view', 'E'),
  DOCUMENT: classify({ system: dicom, code: '110110', display: 'Patient Record' }, 'document-opened', 'R'),
  PERMISSION: classify({ system: dicom, code: '110110', display: 'Patient Record' }, 'permission', 'U'),
  BREAK_GLASS: classify({ system: dicom, code: '110113', display: 'Security Alert' }, 'break-glass', 'E', [
    { system: dicom, code: '110127', display: 'Emergency Override Started' },
  ]),
  REVIEW: classify({ system: dicom, code: '110113', display: 'Security Alert' }, 'override-review', 'U'),
  PRIVACY_QUERY: classify({ system: dicom, code: '110101', display: 'Audit Log Used' }, 'privacy-query', 'R'),
  RECOVERY: classify({ system: dicom, code: '110100', display: 'Application Activity' }, 'trail-recovery', 'E'),
  UNREADABLE: classify({ system: dicom, code: '110100', display: 'Application Activity' }, 'unreadable', 'E'),
  REGISTER: classify({ system: dicom, code: '110100', display: 'Application Activity' }, 'writer-registered', 'E'),
  RETIREMENT: classify({ system: dicom, code: '110100', display: 'Application Activity' }, 'writer-retired', 'E'),
  RETENTION: classify(
    {
      system: 'http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle',
      code: 'destroy',
      display: 'Destroy/Delete Record Lifecycle Event',
    },
    'retention',
    'D',
  ),
}

const unansweredStatuses = new Set(['TIMED_OUT', 'UNREACHABLE', 'FAILED', 'SUSPENDED', 'IDENTITY_MISMATCH'])

// HL7 v3 ActReason, of the value set PurposeOfUse; what is not here goes out as text.
const purposes: Readonly<Record<string, FhirCoding>> = {
  DIRECT_CARE: purpose('TREAT', 'treatment'),
  EMERGENCY: purpose('ETREAT', 'Emergency Treatment'),
  RESEARCH: purpose('HRESCH', 'healthcare research'),
  AUDIT: purpose('HCOMPL', 'health compliance'),
  INSURANCE: purpose('HPAYMT', 'healthcare payment'),
  PLANNING: purpose('HOPERAT', 'healthcare operations'),
}

/**
 * An event as FHIR R4 AuditEvent: the person and the organisation as agents, the region as the source of the data,
 * patient and query as entities.
 */
export function toFhirAuditEvent(entry: TrailEntry & { readonly odd?: string | null }): FhirAuditEvent {
  const { sequence, writer, time } = entry
  const event = withPlainSpaces(entry.event)
  const gateway: FhirReference = { type: 'Device', identifier: { system: `${auditUrnPrefix}:writer`, value: writer } }
  const common = {
    resourceType: 'AuditEvent' as const,
    id: `${writer}-${sequence}`,
    ...classifications[event.kind],
    recorded: time,
    source: {
      site: 'Share2Care Gateway',
      observer: gateway,
      type: [
        {
          system: 'http://terminology.hl7.org/CodeSystem/security-source-type',
          code: '4',
          display: 'Application Server',
        },
      ],
    },
  }
  const chain = toFhirDetails({ sequence, hash: entry.hash, odd: entry.odd ?? null })
  if (!isAccessEvent(event)) return { ...common, ...toMaintenanceFields(event, gateway, chain) }
  return {
    ...common,
    ...toOutcome(event),
    ...(event.purpose === null ? {} : { purposeOfEvent: [toPurpose(event.purpose)] }),
    agent: toAgents(event),
    entity: [...toSubjectEntities(event), toQueryEntity(event, chain)],
  }
}

function toOutcome({ status, decision }: AccessEvent): Pick<FhirAuditEvent, 'outcome' | 'outcomeDesc'> {
  // What is only intended has no outcome yet.
  if (status === 'INTENDED') return { outcomeDesc: status }
  const isPermitted = decision.code === 'PERMITTED' || decision.code === 'OVERRIDDEN'
  // 4, minor failure: refused. 8, serious: no answer was had.
  const outcome = unansweredStatuses.has(status) ? '8' : isPermitted ? '0' : '4'
  return { outcome, outcomeDesc: `${decision.code}, ${status}` }
}

function toPurpose(text: string): FhirConcept {
  const coding = purposes[text]
  return { ...(coding ? { coding: [coding] } : {}), text }
}

function toAgents({
  person,
  role,
  organisation,
  region,
  decision,
  supervisor,
}: AccessEvent): readonly FhirAuditAgent[] {
  return [
    {
      type: participation('IRCP', 'information recipient'),
      ...toRole(role),
      who: toFhirPractitioner(person.id, person.name),
      altId: toFhirValue(person.id),
      ...(person.name ? { name: person.name } : {}),
      requestor: true,
      ...(decision.rules.length > 0
        ? { policy: decision.rules.map((rule) => `${auditUrnPrefix}:rule:${encodeURIComponent(rule)}`) }
        : {}),
    },
    {
      type: { text: 'organisation at which the role is held' },
      who: {
        type: 'Organization',
        identifier: {
          system: 'https://fhir.nhs.uk/Id/ods-organization-code',
          value: toFhirValue(organisation.odsCode),
        },
        ...(organisation.name ? { display: organisation.name } : {}),
      },
      requestor: false,
    },
    ...(supervisor === null
      ? []
      : [{ type: { text: 'supervisor' }, who: toFhirPractitioner(supervisor, null), requestor: false }]),
    ...(region === null
      ? []
      : [
          {
            type: { coding: [{ system: dicom, code: '110153', display: 'Source Role ID' }] },
            who: { type: 'Organization', identifier: { system: `${auditUrnPrefix}:region`, value: region } },
            requestor: false,
          },
        ]),
  ]
}

/** A role code as the token had it: FHIR's `code` allows single spaces only, and other texts go out as text. */
function toRole({ code, display }: AccessEvent['role']): Pick<FhirAuditAgent, 'role'> {
  if (code === '') return {}
  return {
    role: [
      /^\S+( \S+)*$/.test(code)
        ? { coding: [{ system: roleSystem, code, ...(display ? { display } : {}) }] }
        : { text: code },
    ],
  }
}

function toMaintenanceFields(
  event: MaintenanceEvent | UnreadableEvent,
  gateway: FhirReference,
  chain: FhirAuditDetails,
) {
  const agent: readonly FhirAuditAgent[] = [
    { type: { coding: [{ system: dicom, code: '110150', display: 'Application' }] }, who: gateway, requestor: true },
  ]
  if (event.kind === 'RECOVERY') {
    const { cutBytes, cutHash, unconfirmed } = event
    const entity = [
      toTrailEntity(gateway.identifier.value, [...toFhirDetails({ cutBytes, cutHash, unconfirmed }), ...chain]),
    ]
    return { outcome: '4' as const, outcomeDesc: 'the trail went on after an end that was not in order', agent, entity }
  }
  if (event.kind === 'UNREADABLE') {
    const entity = [toTrailEntity(gateway.identifier.value, [...toFhirDetails({ kind: event.said }), ...chain])]
    return { outcome: '8' as const, outcomeDesc: 'this event of the trail cannot be read', agent, entity }
  }
  if (event.kind === 'REGISTER') {
    const entity = event.writers.map((writer) =>
      toTrailEntity(writer, [...toFhirDetails({ why: event.why }), ...chain]),
    )
    return { outcome: '0' as const, outcomeDesc: 'writers of the trail were registered', agent, entity }
  }
  if (event.kind === 'RETIREMENT') {
    const { writer, head } = event
    const facts = { throughSequence: head?.sequence ?? null, throughHash: head?.hash ?? null }
    return {
      outcome: '0' as const,
      outcomeDesc: 'a writer of the trail was retired',
      agent,
      entity: [toTrailEntity(writer, [...toFhirDetails(facts), ...chain])],
    }
  }
  const { writer, keptYears, dropped } = event
  const facts = {
    keptYears,
    files: dropped.map(({ file }) => file).join(' '),
    throughSequence: dropped.at(-1)?.sequence ?? null,
  }
  return {
    outcome: '0' as const,
    outcomeDesc: 'files beyond retention were removed',
    agent,
    entity: [toTrailEntity(writer, [...toFhirDetails(facts), ...chain])],
  }
}

/**
 * FHIR's `string` has no spaces but the usual, and no controls (R4, 2.24.0.1), and a URI no half of a character; a name
 * in a token may have others (U+00A0), and halves.
 */
function withPlainSpaces<T extends TrailEntry['event']>(event: T): T {
  return JSON.parse(JSON.stringify(event), (_, value: unknown) =>
    typeof value === 'string' ? value.toWellFormed().replace(/[^\S \r\n\t]|(?![\r\n\t])\p{Cc}/gu, ' ') : value,
  )
}

function classify(
  type: FhirCoding,
  kind: string,
  action: FhirAuditEvent['action'],
  subtypes: readonly FhirCoding[] = [],
): Classification {
  return { type, subtype: [{ system: `${auditUrnPrefix}:kind`, code: kind }, ...subtypes], action }
}

function purpose(code: string, display: string): FhirCoding {
  return { system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code, display }
}

function participation(code: string, display: string): FhirConcept {
  return { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType', code, display }] }
}

/** FHIR R4 AuditEvent.agent. */
export interface FhirAuditAgent {
  readonly type: FhirConcept
  readonly role?: readonly FhirConcept[]
  readonly who: FhirReference
  readonly altId?: string
  readonly name?: string
  readonly requestor: boolean
  readonly policy?: readonly string[]
}

/** FHIR R4 AuditEvent (hl7.org/fhir/R4/auditevent.html), as far as the export uses it. */
export interface FhirAuditEvent {
  readonly resourceType: 'AuditEvent'
  readonly id: string
  readonly type: FhirCoding
  readonly subtype: readonly FhirCoding[]
  readonly action: 'R' | 'U' | 'D' | 'E'
  readonly recorded: string
  /** Absent where none is known yet. */
  readonly outcome?: '0' | '4' | '8'
  readonly outcomeDesc: string
  readonly purposeOfEvent?: readonly FhirConcept[]
  readonly agent: readonly FhirAuditAgent[]
  readonly source: { readonly site: string; readonly observer: FhirReference; readonly type: readonly FhirCoding[] }
  readonly entity?: readonly FhirAuditEntity[]
}

export interface ExportTrailOptions {
  readonly folder: string
  /** Events from this instant on; ISO 8601, UTC. @default from the first */
  readonly since?: string
  /** Events before this instant. @default to the last */
  readonly until?: string
  /** Receives each odd event; it is exported with whatever of it can be read. @default nobody */
  readonly onOdd?: (entry: EntryInFile) => void
}

/** A trail as FHIR R4 AuditEvents in NDJSON, some lines at a time. One odd event keeps no other from being exported. */
export async function* exportTrail({
  folder,
  since = '',
  until = '\uffff',
  onOdd: onOddEntry = () => {},
}: ExportTrailOptions): AsyncGenerator<string> {
  for await (const entries of readEntries(folder)) {
    const exported = entries.filter(({ time }) => time >= since && time < until)
    for (const entry of exported) if (entry.odd !== null) onOddEntry(entry)
    const lines = exported.map((entry) => `${JSON.stringify(toFhirAuditEvent(entry))}\n`)
    if (lines.length > 0) yield lines.join('')
  }
}
