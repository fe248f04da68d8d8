import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'
import { toOdsCode } from '../ods-code.ts'
import type { AccessFacts, Barrier, ItemKind, OverrideReason, PatientFacts, PermissionBasis, ReleaseFacts } from './facts.ts'
import { toLondonDay } from './protecting-dates.ts'
import { toRoleGroup } from './role-group.ts'
import type { Action } from './rule.ts'

type Attributes = Readonly<Record<string, CedarValueJson>>

/** One question to a region's rules, in the words of consent.cedarschema. */
export interface CedarQuestion {
  readonly action: Action
  readonly resource: TypeAndId
  readonly entities: readonly EntityJson[]
  readonly context: Attributes
}

export const viewerId: TypeAndId = { type: 'Viewer', id: 'viewer' }
const recordId: TypeAndId = { type: 'Record', id: 'record' }
const itemId: TypeAndId = { type: 'Item', id: 'item' }

/** Steps 2 to 4. */
export function toAskQuestion(facts: AccessFacts): CedarQuestion {
  const context = { ...toOccasion(facts), supervised: facts.supervised }
  return { action: 'Ask', resource: { type: 'Region', id: 'region' }, entities: [toViewer(facts)], context }
}

/** Steps 5 to 8, with these barriers lifted. */
export function toReleaseQuestion(facts: ReleaseFacts, overridden: readonly Barrier[]): CedarQuestion {
  return { action: 'Release', ...toResource(facts), context: toCase(facts, overridden) }
}

/** Step 9. */
export function toBreakGlassQuestion(facts: ReleaseFacts & { readonly patient: PatientFacts }, barrier: Barrier, reason: OverrideReason): CedarQuestion {
  return { action: 'BreakGlass', ...toResource(facts), context: { ...toOccasion(facts), barrier: word('Barrier', barrier), overrideReason: word('OverrideReason', reason) } }
}

/** Whether a permission may be recorded. */
export function toPermissionQuestion(facts: ReleaseFacts, basis: PermissionBasis): CedarQuestion {
  const inpatient = facts.patient?.relationship.inpatient ?? false
  return { action: 'RecordPermission', ...toResource(facts), context: { ...toOccasion(facts), ownNumber: facts.ownNumber, basis: word('Basis', basis), inpatient } }
}

/** Step 10, with these barriers lifted: the questions about one patient, which share all but the item. */
export function toItemQuestions(facts: ReleaseFacts & { readonly patient: PatientFacts }, overridden: readonly Barrier[]): (kind: ItemKind) => CedarQuestion {
  const shared = [toViewer(facts), toRecord(facts.patient, facts.nowMs)]
  const context = toCase(facts, overridden)
  return (kind) => ({ action: 'ReleaseItem', resource: itemId, entities: [...shared, toItem(facts, facts.patient, kind)], context })
}

function toResource(facts: ReleaseFacts): Pick<CedarQuestion, 'resource' | 'entities'> {
  if (facts.patient === null) return { resource: { type: 'UnknownNumber', id: 'number' }, entities: [toViewer(facts)] }
  return { resource: recordId, entities: [toViewer(facts), toRecord(facts.patient, facts.nowMs)] }
}

function toViewer({ role, areaOfWork, organisation, regions }: AccessFacts): EntityJson {
  return entity(viewerId, { role, group: word('RoleGroup', toRoleGroup(role)), ...given({ areaOfWork }), organisation, regions: [...regions] })
}

function toRecord({ verified, sensitive, deceased, deceasedDays, age, optOuts, permissionUntilMs, viewersOwn }: PatientFacts, nowMs: number): EntityJson {
  const permission = permissionUntilMs !== null && permissionUntilMs > nowMs
  const days = deceased ? given({ deceasedDays }) : {}
  return entity(recordId, { verified, sensitive, deceased, ...days, ...given({ age }), optedOut: optOuts.whole, permission, viewersOwn })
}

function toItem({ organisation }: AccessFacts, { optOuts }: PatientFacts, kind: ItemKind): EntityJson {
  const { section, content = false, labels = [], source = '', types = [], categories = [], settings = [], exclusionSets = [] } = kind
  return entity(itemId, {
    record: { __entity: recordId },
    section: word('Section', section),
    content,
    labels: [...labels],
    types: [...types],
    categories: [...categories],
    settings: [...settings],
    exclusionSets: exclusionSets.map((set) => word('ExclusionSet', set)),
    source,
    sourceOptedOut: isOptedOut(source, optOuts.sources),
    ofViewersOrganisation: source !== '' && source === organisation,
    // Local authorities are the organisations whose ODS code is three digits.
    socialCare: /^\d{3}$/.test(source),
  })
}

/**
 * Whether a patient refuses what a source publishes. A source without an ODS code may be any of those refused, and a refusal without one may mean
 * any source: both are read as refused. The empty source is asked of no item, but of a section.
 */
function isOptedOut(source: string, refused: readonly string[]): boolean {
  if (refused.length === 0 || source === '') return refused.includes(source)
  const code = toOdsCode(source)
  return code === null || refused.some((one) => (toOdsCode(one) ?? code) === code)
}

function toCase(facts: ReleaseFacts, overridden: readonly Barrier[]): Attributes {
  const { reason, claim, ownNumber, patient } = facts
  const { encounterDays = null, referralDays = null, registrationDays = null } = patient?.relationship ?? {}
  return {
    ...toOccasion(facts),
    ...(reason === null ? {} : { reason: word('Reason', reason) }),
    ...(claim === null ? {} : { claim: word('Claim', claim) }),
    ownNumber,
    ...given({ encounterDays, referralDays, registrationDays }),
    overridden: overridden.map((barrier) => word('Barrier', barrier)),
  }
}

function toOccasion({ purpose, nowMs }: AccessFacts): Attributes {
  return { purpose: word('Purpose', purpose), today: { __extn: { fn: 'datetime', arg: toLondonDay(nowMs) } } }
}

/** A word of one of the schema's closed lists. */
function word(type: string, id: string): CedarValueJson {
  return { __entity: { type, id } }
}

/** What is unknown is left out: a rule has to ask for it first. */
function given(attributes: Readonly<Record<string, string | number | null>>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null))
}

function entity(uid: TypeAndId, attrs: Attributes): EntityJson {
  return { uid, attrs, parents: [] }
}
