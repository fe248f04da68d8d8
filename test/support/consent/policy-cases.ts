import type { PatientFacts, RelationshipFacts, ReleaseFacts } from '../../../schema/policies/facts.ts'
import { loadPolicies } from '../../../schema/policies/load-policies.ts'

/** A Sunday noon in winter, when London and UTC agree. */
export const noon = Date.parse('2026-11-22T12:00:00Z')
export const hourMs = 3_600_000

export const exchange = loadPolicies({ slug: 'cheshire-merseyside' })
export const lpres = loadPolicies({ slug: 'lancashire-south-cumbria' })

export const ofExchange = { organisation: 'REM', regions: ['CHESHIRE_MERSEYSIDE'] } as const
export const ofLpres = { organisation: 'RXN', regions: ['LANCASHIRE_SOUTH_CUMBRIA'] } as const
/** The ambulance trust serves both regions. */
export const ofBoth = { organisation: 'RX7', regions: ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'] } as const

export const seenDaysAgo = (days: number): RelationshipFacts => ({
  encounterDays: days,
  referralDays: null,
  registrationDays: null,
  inpatient: false,
})
export const strangers: RelationshipFacts = {
  encounterDays: null,
  referralDays: null,
  registrationDays: null,
  inpatient: false,
}

const ordinaryPatient: PatientFacts = {
  relationship: seenDaysAgo(10),
  verified: true,
  sensitive: false,
  deceased: false,
  deceasedDays: null,
  age: 44,
  optOuts: { whole: false, sources: [] },
  permissionUntilMs: noon + hourMs,
  grants: [],
  viewersOwn: false,
}

/** An adult seen ten days ago who gave permission. */
export function patient(facts: Partial<PatientFacts> = {}): PatientFacts {
  return { ...ordinaryPatient, ...facts }
}

/** A consultant in Liverpool in direct care, asking for an ordinary patient, unless said otherwise. */
export function facts({
  patient: about = {},
  ...viewer
}: Partial<Omit<ReleaseFacts, 'patient'>> & { readonly patient?: Partial<PatientFacts> | null } = {}): ReleaseFacts {
  const asking = {
    ...ofExchange,
    role: 'R0050',
    areaOfWork: null,
    purpose: 'DIRECT_CARE',
    supervised: false,
    nowMs: noon,
    reason: null,
    claim: null,
    ownNumber: false,
  } as const
  return { ...asking, ...viewer, patient: about && patient(about) }
}
