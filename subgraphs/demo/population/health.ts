import { procedures } from '../codes/care.ts'
import { medicines } from '../codes/medicines.ts'
import { problems } from '../codes/problems.ts'
import { substances } from '../codes/substances.ts'
import { tests } from '../codes/tests.ts'
import { type Concept, snomed } from '../vocabulary/concept.ts'
import type { Weighted } from './random.ts'

/** What share of people have a problem, at an age of: under 18, 40, 65, 80, and from 80 on. */
export type Prevalence = readonly [child: number, young: number, middle: number, old: number, veryOld: number]

/** A long-term problem, what it is treated with and what is measured for it. */
export interface Illness {
  readonly problem: Concept
  readonly prevalence: Prevalence
  readonly medicines: readonly (readonly [medicine: Concept, dosage: string])[]
  readonly tests: readonly Test[]
}

/** A measurement: its UCUM unit, where it usually lies, and where it should lie. */
export interface Test {
  readonly code: Concept
  readonly unit: string
  readonly ucum: string
  readonly from: number
  readonly to: number
  readonly decimals: number
  readonly low: number
  readonly high: number
}

const test = (
  code: Concept,
  unit: string,
  ucum: string,
  [from, to]: readonly [number, number],
  [low, high]: readonly [number, number],
  decimals = 0,
): Test => {
  return { code, unit, ucum, from, to, decimals, low, high }
}

export const measured = {
  creatinine: test(tests.creatinine, 'umol/L', 'umol/L', [48, 160], [59, 104]),
  crp: test(tests.crp, 'mg/L', 'mg/L', [1, 40], [0, 5]),
  haemoglobin: test(tests.haemoglobin, 'g/L', 'g/L', [98, 165], [115, 165]),
  hba1c: test(tests.hba1c, 'mmol/mol', 'mmol/mol', [38, 86], [20, 42]),
  peakFlow: test(tests.peakFlow, 'L/min', 'L/min', [220, 580], [350, 650]),
  potassium: test(tests.potassium, 'mmol/L', 'mmol/L', [3.2, 5.8], [3.5, 5.3], 1),
  cholesterol: test(tests.serumCholesterol, 'mmol/L', 'mmol/L', [2.8, 7.4], [0, 5], 1),
  tsh: test(tests.tsh, 'mU/L', 'm[IU]/L', [0.2, 7.5], [0.3, 4.5], 1),
  weight: test(tests.weight, 'kg', 'kg', [48, 118], [45, 120], 1),
}

const { creatinine, crp, haemoglobin, hba1c, peakFlow, potassium, cholesterol, tsh, weight } = measured

/** Shares as England's registers have them, rounded. */
export const illnesses: readonly Illness[] = [
  illness(
    problems.hypertension,
    [0, 0.03, 0.22, 0.48, 0.6],
    [
      ['amlodipine10', 'One tablet each morning'],
      ['ramipril10', 'One capsule each morning'],
      ['bendroflumethiazide', 'One tablet each morning'],
    ],
    [creatinine, potassium],
  ),
  illness(
    problems.type2Diabetes,
    [0, 0.01, 0.09, 0.18, 0.17],
    [
      ['metformin500', 'Two tablets twice a day with meals'],
      ['gliclazide80', 'One tablet twice a day'],
    ],
    [hba1c, weight],
  ),
  illness(
    problems.type1Diabetes,
    [0.003, 0.005, 0.005, 0.003, 0.002],
    [['insulinGlargine', '18 units at night']],
    [hba1c],
  ),
  illness(problems.asthma, [0.09, 0.09, 0.08, 0.07, 0.06], [['salbutamol', 'Two puffs when needed']], [peakFlow]),
  illness(problems.copd, [0, 0, 0.03, 0.09, 0.1], [['salbutamol', 'Two puffs four times a day']], [peakFlow]),
  illness(
    problems.hypothyroidism,
    [0, 0.02, 0.05, 0.08, 0.09],
    [['levothyroxine100', 'One tablet before breakfast']],
    [tsh],
  ),
  illness(
    problems.heartDisease,
    [0, 0, 0.04, 0.13, 0.2],
    [
      ['aspirin75', 'One tablet a day'],
      ['atorvastatin20', 'One tablet at night'],
    ],
    [cholesterol],
  ),
  illness(
    problems.atrialFibrillation,
    [0, 0, 0.01, 0.08, 0.16],
    [
      ['warfarin', 'As in the yellow book'],
      ['digoxin125', 'One tablet each morning'],
    ],
    [potassium],
  ),
  illness(
    problems.kidneyDisease3,
    [0, 0, 0.02, 0.13, 0.25],
    [['furosemide40', 'One tablet each morning']],
    [creatinine, haemoglobin],
  ),
  illness(problems.stroke, [0, 0, 0.01, 0.05, 0.09], [['clopidogrel75', 'One tablet a day']], [cholesterol]),
  illness(problems.depression, [0.01, 0.12, 0.14, 0.09, 0.08], [], []),
  illness(problems.anxiety, [0.02, 0.1, 0.09, 0.05, 0.04], [], []),
  illness(problems.migraine, [0.02, 0.07, 0.06, 0.02, 0.01], [], []),
  illness(problems.epilepsy, [0.004, 0.008, 0.008, 0.009, 0.01], [], []),
  illness(problems.gout, [0, 0.005, 0.03, 0.06, 0.07], [['allopurinol300', 'One tablet a day']], [creatinine]),
  illness(
    problems.kneeOsteoarthritis,
    [0, 0.01, 0.08, 0.2, 0.28],
    [['paracetamol500', 'Two tablets up to four times a day']],
    [],
  ),
  illness(
    problems.rheumatoidArthritis,
    [0, 0.002, 0.009, 0.015, 0.014],
    [
      ['methotrexate', '15mg once a WEEK, on Mondays'],
      ['folicAcid5', 'One tablet once a week, on Thursdays'],
    ],
    [crp, haemoglobin],
  ),
  illness(problems.dementia, [0, 0, 0.002, 0.03, 0.16], [], []),
]

/** Courses that end. */
export const acuteMedicines: readonly (readonly [medicine: Concept, dosage: string])[] = [
  [medicines.amoxicillin500, 'One capsule three times a day for 5 days'],
  [medicines.doxycycline100, 'Two on the first day, then one a day for 4 days'],
  [medicines.coCodamol, 'One or two tablets up to four times a day'],
  [medicines.cetirizine10, 'One tablet a day'],
]

export const allergens: Weighted<{
  readonly substance: Concept
  readonly category: 'MEDICATION' | 'FOOD' | 'ENVIRONMENT'
}> = [
  [50, { substance: substances.penicillin, category: 'MEDICATION' }],
  [10, { substance: substances.aspirin, category: 'MEDICATION' }],
  [12, { substance: substances.trimethoprim, category: 'MEDICATION' }],
  [8, { substance: substances.latex, category: 'ENVIRONMENT' }],
  [8, { substance: substances.peanut, category: 'FOOD' }],
  [6, { substance: substances.egg, category: 'FOOD' }],
  [6, { substance: substances.shellfish, category: 'FOOD' }],
]

/** What is done in hospitals, from an age on. */
export const operations: Weighted<{ readonly procedure: Concept; readonly fromAge: number }> = [
  [20, { procedure: procedures.appendicectomy, fromAge: 6 }],
  [30, { procedure: procedures.colonoscopy, fromAge: 40 }],
  [20, { procedure: procedures.echocardiogram, fromAge: 40 }],
  [15, { procedure: procedures.ctBrain, fromAge: 20 }],
  [10, { procedure: procedures.coronaryIntervention, fromAge: 50 }],
  [10, { procedure: procedures.hipReplacement, fromAge: 60 }],
  [10, { procedure: procedures.kneeReplacement, fromAge: 55 }],
]

export const noKnownAllergy = snomed('716186003', 'No known allergy')
/** Where vaccines are given. */
export const leftArm = snomed('368208006', 'Left upper arm structure')

export function prevalenceAt({ prevalence }: Illness, age: number): number {
  return prevalence[age < 18 ? 0 : age < 40 ? 1 : age < 65 ? 2 : age < 80 ? 3 : 4]
}

function illness(
  problem: Concept,
  prevalence: Prevalence,
  treatedWith: readonly (readonly [keyof typeof medicines, string])[],
  tested: readonly Test[],
): Illness {
  return {
    problem,
    prevalence,
    medicines: treatedWith.map(([name, dosage]) => [medicines[name], dosage]),
    tests: tested,
  }
}
