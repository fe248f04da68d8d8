import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs'
import { toOdsCode } from '../ods-code.ts'
import type {
  AccessFacts,
  Barrier,
  OverrideReason,
  PatientFacts,
  PermissionBasis,
  ReleaseClass,
  ReleaseFacts,
} from './facts.ts'
import { toFourDigitYearLondonDay } from './policy-dates.ts'
import { toRoleGroup } from './role-group.ts'
import type { Action } from './rule.ts'

type Attributes = Readonly<Record<string, CedarValueJson>>

/** A request to a region's rules, in the types of consent.cedarschema. */
export interface CedarRequest {
  readonly action: Action
  readonly resource: TypeAndId
  readonly entities: readonly EntityJson[]
  readonly context: Attributes
}

export const viewerId: TypeAndId = { type: 'Viewer', id: 'viewer' }
const recordId: TypeAndId = { type: 'Record', id: 'record' }
const itemId: TypeAndId = { type: 'Item', id: 'item' }

/** Builds the request for steps 2 to 4 (README.md, Order of deciding). */
export function toAccessRequest(facts: AccessFacts): CedarRequest {
  const context = { ...toAccessContext(facts), supervised: facts.supervised }
  return { action: 'Ask', resource: { type: 'Region', id: 'region' }, entities: [toViewer(facts)], context }
}

/** Builds the request for steps 5 to 8, with these barriers lifted. */
export function toReleaseRequest(facts: ReleaseFacts, overridden: readonly Barrier[]): CedarRequest {
  return { action: 'Release', ...toResource(facts), context: toReleaseContext(facts, overridden) }
}

/** Builds the request for step 9. */
export function toBreakGlassRequest(
  facts: ReleaseFacts & { readonly patient: PatientFacts },
  barrier: Barrier,
  reason: OverrideReason,
): CedarRequest {
  return {
    action: 'BreakGlass',
    ...toResource(facts),
    context: {
      ...toAccessContext(facts),
      barrier: entityReference('Barrier', barrier),
      overrideReason: entityReference('OverrideReason', reason),
    },
  }
}

/** Builds the request that decides whether a permission may be recorded. */
export function toPermissionRequest(facts: ReleaseFacts, basis: PermissionBasis): CedarRequest {
  const inpatient = facts.patient?.relationship.inpatient ?? false
  return {
    action: 'RecordPermission',
    ...toResource(facts),
    context: {
      ...toAccessContext(facts),
      ownNumber: facts.ownNumber,
      basis: entityReference('Basis', basis),
      inpatient,
    },
  }
}

/** Builds one patient's requests for step 10, with these barriers lifted. They share everything but the item. */
export function toItemRequests(
  facts: ReleaseFacts & { readonly patient: PatientFacts },
  overridden: readonly Barrier[],
): (kind: ReleaseClass) => CedarRequest {
  const shared = [toViewer(facts), toRecord(facts.patient, facts.nowMs)]
  const context = toReleaseContext(facts, overridden)
  return (kind) => ({
    action: 'ReleaseItem',
    resource: itemId,
    entities: [...shared, toItem(facts, facts.patient, kind)],
    context,
  })
}

function toResource(facts: ReleaseFacts): Pick<CedarRequest, 'resource' | 'entities'> {
  if (facts.patient === null) return { resource: { type: 'UnknownNumber', id: 'number' }, entities: [toViewer(facts)] }
  return { resource: recordId, entities: [toViewer(facts), toRecord(facts.patient, facts.nowMs)] }
}

function toViewer({ role, areaOfWork, organisation, regions }: AccessFacts): EntityJson {
  return entity(viewerId, {
    role,
    group: entityReference('RoleGroup', toRoleGroup(role)),
    ...omitNulls({ areaOfWork }),
    organisation,
    regions: [...regions],
  })
}

function toRecord(
  { verified, sensitive, deceased, deceasedDays, age, optOuts, permissionUntilMs, viewersOwn }: PatientFacts,
  nowMs: number,
): EntityJson {
  const permission = permissionUntilMs !== null && permissionUntilMs > nowMs
  const days = deceased ? omitNulls({ deceasedDays }) : {}
  return entity(recordId, {
    verified,
    sensitive,
    deceased,
    ...days,
    ...omitNulls({ age }),
    optedOut: optOuts.whole,
    permission,
    viewersOwn,
  })
}

function toItem({ organisation }: AccessFacts, { optOuts }: PatientFacts, kind: ReleaseClass): EntityJson {
  const {
    section,
    content = false,
    labels = [],
    source = '',
    types = [],
    categories = [],
    settings = [],
    exclusionSets = [],
  } = kind
  return entity(itemId, {
    record: { __entity: recordId },
    section: entityReference('Section', section),
    content,
    labels: [...labels],
    types: [...types],
    categories: [...categories],
    settings: [...settings],
    exclusionSets: exclusionSets.map((set) => entityReference('ExclusionSet', set)),
    source,
    sourceOptedOut: isOptedOut(source, optOuts.sources),
    ofViewersOrganisation: source !== '' && source === organisation,
    // Local authorities are the organisations whose ODS code is three digits.
    socialCare: /^\d{3}$/.test(source),
  })
}

/**
 * Decides whether a patient refuses what a source publishes. A source or a refusal without an ODS code may mean any
 * source, so both count as refused. Only sections have an empty source; items never do.
 */
function isOptedOut(source: string, refused: readonly string[]): boolean {
  if (refused.length === 0 || source === '') return refused.includes(source)
  const code = toOdsCode(source)
  return code === null || refused.some((one) => (toOdsCode(one) ?? code) === code)
}

function toReleaseContext(facts: ReleaseFacts, overridden: readonly Barrier[]): Attributes {
  const { reason, claim, ownNumber, patient } = facts
  const { encounterDays = null, referralDays = null, registrationDays = null } = patient?.relationship ?? {}
  return {
    ...toAccessContext(facts),
    ...(reason === null ? {} : { reason: entityReference('Reason', reason) }),
    ...(claim === null ? {} : { claim: entityReference('Claim', claim) }),
    ownNumber,
    ...omitNulls({ encounterDays, referralDays, registrationDays }),
    overridden: overridden.map((barrier) => entityReference('Barrier', barrier)),
  }
}

function toAccessContext({ purpose, nowMs }: AccessFacts): Attributes {
  return {
    purpose: entityReference('Purpose', purpose),
    today: { __extn: { fn: 'datetime', arg: toFourDigitYearLondonDay(nowMs) } },
  }
}

/** Refers to a value of one of the schema's closed lists. */
function entityReference(type: string, id: string): CedarValueJson {
  return { __entity: { type, id } }
}

/** Leaves unknown attributes out, because the schema makes a rule test for them with `has`. */
function omitNulls(attributes: Readonly<Record<string, string | number | null>>): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null))
}

function entity(uid: TypeAndId, attrs: Attributes): EntityJson {
  return { uid, attrs, parents: [] }
}
