import type { RegionConfiguration } from '../regions.ts'
import type { PatientFacts, ReleaseClass, ReleaseFacts } from './facts.ts'

/** A typical viewer: the facts of the request, and a name to print. */
export type TypicalViewer = Omit<ReleaseFacts, 'patient' | 'nowMs'> & { readonly name: string }
export interface TypicalPatient {
  readonly name: string
  /** Null stands for a number never seen. */
  readonly patient: PatientFacts | null
}
export interface TypicalItem {
  readonly name: string
  readonly releaseClass: ReleaseClass
}

const cm = { organisation: 'REM', regions: ['CHESHIRE_MERSEYSIDE'] } as const
const lsc = { organisation: 'RXN', regions: ['LANCASHIRE_SOUTH_CUMBRIA'] } as const
const both = { organisation: 'RX7', regions: ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'] } as const
const plainly = {
  areaOfWork: null,
  purpose: 'DIRECT_CARE',
  supervised: false,
  reason: null,
  claim: null,
  ownNumber: false,
} as const

export const typicalViewers: readonly TypicalViewer[] = [
  { ...plainly, ...cm, name: 'consultant, Liverpool', role: 'R0050' },
  { ...plainly, ...lsc, name: 'consultant, Preston', role: 'R0050' },
  { ...plainly, ...lsc, name: 'consultant, Preston, mental health care', role: 'R0050', reason: 'MENTAL_HEALTH_CARE' },
  { ...plainly, ...cm, name: 'GP, Liverpool', role: 'R0260' },
  { ...plainly, ...both, name: 'paramedic, emergency', role: 'R1070', purpose: 'EMERGENCY', claim: 'CLAIMED' },
  { ...plainly, ...cm, name: 'pharmacist, Liverpool', role: 'R1290' },
  { ...plainly, ...lsc, name: 'pharmacist, Preston', role: 'R1290' },
  { ...plainly, ...both, name: 'social worker of both regions', role: 'R1330' },
  { ...plainly, ...both, name: 'clerk of both regions', role: 'R8010' },
  { ...plainly, ...both, name: 'student of both regions, supervised', role: 'R8004', supervised: true },
  { ...plainly, ...cm, name: 'researcher, Liverpool', role: 'R1860', purpose: 'OTHER' },
]

/** The typical viewers, and those of each region of the list that none of them belongs to. */
export function toTypicalViewers(
  regions: readonly Pick<RegionConfiguration, 'code' | 'name' | 'organisation'>[],
): readonly TypicalViewer[] {
  const known = new Set<string>(typicalViewers.flatMap((viewer) => viewer.regions))
  const more = regions
    .filter(({ code }) => !known.has(code))
    .flatMap(({ code, name, organisation }) =>
      Object.entries({ consultant: 'R0050', pharmacist: 'R1290', 'social worker': 'R1330' }).map(([title, role]) => ({
        ...plainly,
        organisation: organisation.odsCode,
        regions: [code],
        name: `${title}, ${name}`,
        role,
      })),
    )
  return [...typicalViewers, ...more]
}

const far = Number.MAX_SAFE_INTEGER
const seen = { encounterDays: 10, referralDays: null, registrationDays: null, inpatient: false } as const
const ordinary: PatientFacts = {
  relationship: seen,
  verified: true,
  sensitive: false,
  deceased: false,
  deceasedDays: null,
  age: 44,
  optOuts: { whole: false, sources: [] },
  permissionUntilMs: far,
  grants: [],
  viewersOwn: false,
}

export const typicalPatients: readonly TypicalPatient[] = [
  { name: 'seen ten days ago, permission given', patient: ordinary },
  { name: 'seen ten days ago, not asked for permission', patient: { ...ordinary, permissionUntilMs: null } },
  {
    name: 'never seen by the organisation, permission given',
    patient: { ...ordinary, relationship: { ...seen, encounterDays: null } },
  },
  { name: 'refuses to share', patient: { ...ordinary, optOuts: { whole: true, sources: [] } } },
  {
    name: 'refuses to share what Wirral hospital (RBL) publishes',
    patient: { ...ordinary, optOuts: { whole: false, sources: ['RBL'] } },
  },
  {
    name: 'glass broken for confidentiality',
    patient: {
      ...ordinary,
      grants: [{ id: 'grant-1', barrier: 'CONFIDENTIALITY', reason: 'EMERGENCY', untilMs: far }],
    },
  },
  { name: 'flagged sensitive', patient: { ...ordinary, sensitive: true } },
  { name: 'fourteen years old', patient: { ...ordinary, age: 14 } },
  { name: 'died twelve days ago', patient: { ...ordinary, deceased: true, deceasedDays: 12 } },
  { name: 'died fourteen months ago', patient: { ...ordinary, deceased: true, deceasedDays: 425 } },
  { name: 'number not verified', patient: { ...ordinary, verified: false } },
  { name: 'a number never seen', patient: null },
]

export const typicalItems: readonly TypicalItem[] = [
  { name: 'demographics', releaseClass: { section: 'demographics' } },
  { name: 'alert', releaseClass: { section: 'alerts' } },
  { name: 'safeguarding flag', releaseClass: { section: 'alerts', labels: ['SDV'] } },
  { name: 'allergy', releaseClass: { section: 'allergies' } },
  { name: 'problem', releaseClass: { section: 'problems' } },
  { name: 'restricted problem', releaseClass: { section: 'problems', labels: ['R'] } },
  { name: 'medication', releaseClass: { section: 'medications' } },
  { name: 'contraception', releaseClass: { section: 'medications', labels: ['SEX'] } },
  { name: 'result', releaseClass: { section: 'results' } },
  { name: 'chlamydia result', releaseClass: { section: 'results', labels: ['STD'] } },
  { name: 'IVF', releaseClass: { section: 'procedures', exclusionSets: ['FERTILITY'] } },
  { name: 'termination', releaseClass: { section: 'procedures', exclusionSets: ['TERMINATION'] } },
  { name: 'appointment', releaseClass: { section: 'appointments' } },
  { name: 'care plan', releaseClass: { section: 'carePlans' } },
  { name: 'social care plan', releaseClass: { section: 'carePlans', source: '323' } },
  { name: 'letter', releaseClass: { section: 'documents' } },
  { name: 'letter, opened', releaseClass: { section: 'documents', content: true } },
  { name: 'letter from Wirral hospital', releaseClass: { section: 'documents', source: 'RBL' } },
  { name: 'very restricted report', releaseClass: { section: 'documents', labels: ['V'] } },
  { name: 'sealed letter', releaseClass: { section: 'documents', labels: ['SEALED'] } },
  {
    name: 'crisis plan',
    releaseClass: { section: 'documents', labels: ['PSY'], types: ['736253002'], settings: ['708168004'] },
  },
  {
    name: 'mental health note from Mersey Care',
    releaseClass: { section: 'documents', labels: ['PSY'], settings: ['708168004'], source: 'RW4' },
  },
  { name: 'safeguarding report', releaseClass: { section: 'documents', labels: ['SDV'] } },
]
