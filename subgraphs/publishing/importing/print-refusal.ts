import { toExpression } from '../to-expression.ts'
import type { ImportRefusal } from './import-files.ts'
import { printPlace } from './print-place.ts'

/** A Bundle that was refused: where it stands, and a line for each fault. */
export function printRefusal({ faults, ...place }: ImportRefusal, heading = 'Refused'): string {
  return [`${heading}: ${printPlace(place)}`, ...faults.map((one) => `  ${toExpression(one)}: ${one.fault} (${one.code})`)].join('\n')
}
