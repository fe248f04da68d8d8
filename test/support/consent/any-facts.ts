import fc from 'fast-check'
import {
  barriers,
  overrideReasons,
  type PatientFacts,
  type ReleaseClass,
  type ReleaseFacts,
} from '../../../schema/policies/facts.ts'
import { hourMs, noon } from './policy-cases.ts'

const often = <T>(usual: T, weight: number, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other })
const days = fc.option(fc.constantFrom(0, 1, 27, 28, 29, 30, 89, 90, 91, 4000), { freq: 2 })
const codes = (...values: readonly string[]) =>
  often<readonly string[]>([], 2, fc.subarray([...values, '1'], { maxLength: 2 }))
const until = fc.constantFrom(-hourMs, 0, 1, hourMs)

const roles = [
  'R0050',
  'R0050',
  'R0260',
  'R0620',
  'R1070',
  'R1070',
  'R8001',
  'R1290',
  'R1330',
  'R8014',
  'R8006',
  'R8010',
  'R8004',
  'R0001',
  'R1860',
  '',
]
const regions = [
  ['CHESHIRE_MERSEYSIDE'],
  ['LANCASHIRE_SOUTH_CUMBRIA'],
  ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'],
  [],
]

function patientOf(nowMs: number): fc.Arbitrary<PatientFacts> {
  return fc.record({
    relationship: fc.record({
      encounterDays: days,
      referralDays: days,
      registrationDays: days,
      inpatient: fc.boolean(),
    }),
    verified: often(true, 9, fc.constant(false)),
    sensitive: often(false, 6, fc.constant(true)),
    deceased: often(false, 5, fc.constant(true)),
    deceasedDays: days,
    age: fc.option(fc.constantFrom(0, 15, 16, 17, 80), { freq: 6 }),
    optOuts: fc.record({
      whole: often(false, 4, fc.constant(true)),
      sources: fc.subarray(['REM', '323', 'RW4', ''], { maxLength: 1 }),
    }),
    permissionUntilMs: fc.option(
      until.map((ms) => nowMs + ms),
      { freq: 3 },
    ),
    grants: fc.array(
      fc.record({
        id: fc.constantFrom('a', 'b'),
        barrier: fc.constantFrom(...barriers),
        reason: fc.constantFrom(...overrideReasons),
        untilMs: until.map((ms) => nowMs + ms),
      }),
      {
        maxLength: 3,
      },
    ),
    viewersOwn: often(false, 12, fc.constant(true)),
  })
}

/** Any viewer who asks for any patient, at both ends of the agreement too; ordinary facts more often than others. */
export const anyFacts: fc.Arbitrary<ReleaseFacts> = often(
  noon,
  6,
  fc.constantFrom(
    ...['2026-03-31', '2026-04-01', '2031-03-31', '2031-04-01'].map((day) => Date.parse(`${day}T12:00:00Z`)),
  ),
).chain((nowMs) =>
  fc.record({
    role: fc.constantFrom(...roles),
    areaOfWork: fc.constantFrom(null, 'GENITOURINARY_MEDICINE', 'CARDIOLOGY'),
    organisation: fc.constantFrom('REM', 'RXN', 'RX7', '323'),
    regions: fc.constantFrom(...regions),
    purpose: often<ReleaseFacts['purpose']>('DIRECT_CARE', 2, fc.constantFrom('EMERGENCY', 'OTHER')),
    supervised: fc.boolean(),
    nowMs: fc.constant(nowMs),
    reason: fc.constantFrom(null, 'CLINIC_PREPARATION', 'MENTAL_HEALTH_CARE', 'SAFEGUARDING', 'CONTINUITY_OF_CARE'),
    claim: fc.constantFrom(null, null, 'CLAIMED', 'INPATIENT'),
    ownNumber: often(false, 12, fc.constant(true)),
    patient: fc.option(patientOf(nowMs), { freq: 10 }),
  }),
)

/** Any kind of item. */
export const anyReleaseClass: fc.Arbitrary<ReleaseClass> = fc
  .record({
    section: often<ReleaseClass['section']>(
      'documents',
      1,
      fc.constantFrom(
        'demographics',
        'alerts',
        'allergies',
        'problems',
        'medications',
        'immunisations',
        'procedures',
        'carePlans',
        'contacts',
        'appointments',
        'results',
        'encounters',
      ),
    ),
    content: fc.boolean(),
    labels: codes('N', 'R', 'V', 'SEALED', 'SEX', 'STD', 'HIV', 'PSY', 'SDV', 'ETH'),
    source: fc.constantFrom('REM', 'RXN', 'RXA', 'RW4', '323', ''),
    types: codes(
      ...[
        '736253002',
        '373942005',
        '823701000000103',
        '824331000000106',
        '1382601000000107',
        '824321000000109',
        '887181000000106',
      ],
      ...['887701000000100', '736373009', '861421000000109', '735324008', '2181441000000107'],
    ),
    categories: codes('734163000'),
    settings: codes('708168004', '788122004', '830039004', '24101000087102', '896974005', '1326421000000106'),
    exclusionSets: often<NonNullable<ReleaseClass['exclusionSets']>>(
      [],
      4,
      fc.subarray(['GENDER', 'FERTILITY', 'TERMINATION', 'STI'], { maxLength: 1 }),
    ),
  })
  .map((kind) => ({ ...kind, content: kind.content && kind.section === 'documents' }))
