import type * as Region from '../../../schema/generated/region.ts'
import { toOrganisation } from '../actors/to-organisation.ts'
import { toEnum, toFirstConcept } from '../datatypes/concept.ts'
import type { Reference } from '../datatypes/reference.ts'
import type { ReferenceContext, ResourceDefinition } from '../resource-definition.ts'
import { toItem } from '../to-item.ts'
import { condition } from './condition.ts'
import { encounterReference } from './encounter-reference.ts'

type Encounter = typeof encounterReference extends ResourceDefinition<infer R> ? R : never

const statuses = [
  'PLANNED',
  'ARRIVED',
  'TRIAGED',
  'IN_PROGRESS',
  'ON_LEAVE',
  'FINISHED',
  'CANCELLED',
  'UNKNOWN',
] as const
/** v3-ActEncounterCode; ACUTE and NONAC are kinds of inpatient encounter. */
const classes: Readonly<Record<string, Region.EncounterClass>> = {
  IMP: 'INPATIENT',
  ACUTE: 'INPATIENT',
  NONAC: 'INPATIENT',
  EMER: 'EMERGENCY',
  AMB: 'AMBULATORY',
  HH: 'HOME_HEALTH',
  VR: 'VIRTUAL',
  FLD: 'FIELD',
  SS: 'SHORT_STAY',
  OBSENC: 'OBSERVATION',
}

/** An encounter, ordered by its start. */
export const encounter: ResourceDefinition<Encounter> = {
  ...encounterReference,
  toSubjects: ({ subject }) => [{ reference: subject, path: 'subject' }],
  map(resource, entry) {
    const { status, class: classCoding, type, period, reasonCode, reasonReference, serviceProvider } = resource
    const item = toItem(resource, entry, {
      section: 'encounters',
      orderedBy: [period?.start],
      sources: [serviceProvider],
      lifecycle: status === 'entered-in-error' ? 'retracted' : 'current',
      fields: {
        class: classCoding ? (classes[classCoding.code ?? ''] ?? 'UNRECOGNISED') : null,
        type: toFirstConcept(type),
        status: status === 'onleave' ? 'ON_LEAVE' : (toEnum(statuses, status) ?? 'UNRECOGNISED'),
        start: period?.start ?? null,
        end: period?.end ?? null,
        reason: toFirstConcept(reasonCode) ?? toReason(reasonReference?.[0], entry),
        provider: toOrganisation(serviceProvider, entry),
      },
    })
    return { items: [item] }
  },
}

function toReason(reference: Reference | undefined, context: ReferenceContext): Region.Concept | null {
  const code = context.resolve(reference, condition)?.resource.code
  return code ?? (reference?.display === undefined ? null : { text: reference.display, codings: [] })
}
