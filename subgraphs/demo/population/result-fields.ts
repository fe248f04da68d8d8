import type { ItemFields } from '../../store/record-store.ts'
import { toConcept } from './concepts.ts'
import type { Test } from './health.ts'
import type { Random } from './random.ts'

const interpretationSystem = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation'
const high = { text: 'High', codings: [{ system: interpretationSystem, code: 'H', display: 'High' }] }
const low = { text: 'Low', codings: [{ system: interpretationSystem, code: 'L', display: 'Low' }] }

/** A measurement, and how it lies to its reference range. */
export function toResultFields(random: Random, test: Test, effective: string): ItemFields<'results'> {
  // Two draws: the middle is likelier than the ends.
  const value = test.from + ((test.to - test.from) * (random.next() + random.next())) / 2
  return {
    code: toConcept(test.code),
    category: 'LABORATORY',
    effective,
    status: 'FINAL',
    value: null,
    quantity: {
      value: value.toFixed(test.decimals),
      comparator: null,
      unit: test.unit,
      system: 'http://unitsofmeasure.org',
      code: test.ucum,
    },
    referenceRange: `${test.low} - ${test.high} ${test.unit}`,
    interpretation: value > test.high ? high : value < test.low ? low : null,
    components: [],
    report: null,
  }
}
