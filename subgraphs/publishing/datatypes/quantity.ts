import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import { code, decimal, string, uri } from './primitives.ts'

const comparators: Readonly<Record<string, Region.Comparator>> = {
  '<': 'LESS',
  '<=': 'LESS_OR_EQUAL',
  '>=': 'GREATER_OR_EQUAL',
  '>': 'GREATER',
}

export const quantity = z.object(
  {
    value: decimal.optional(),
    // An unknown comparator would change what the number says, so it is refused.
    comparator: z.enum(['<', '<=', '>=', '>'], 'one of the codes <, <=, >=, >').optional(),
    unit: string.optional(),
    system: uri.optional(),
    code: code.optional(),
  },
  'Quantity',
)
export type FhirQuantity = z.infer<typeof quantity>
export const range = z.object({ low: quantity.optional(), high: quantity.optional() }, 'Range')
export const ratio = z.object({ numerator: quantity.optional(), denominator: quantity.optional() }, 'Ratio')
type Range = z.infer<typeof range>
type Ratio = z.infer<typeof ratio>

/** The quantity with the digits it was recorded with; null where it has no value. */
export function toQuantity(quantity: FhirQuantity | undefined): Region.Quantity | null {
  if (quantity?.value === undefined) return null
  const { value, comparator, unit, system, code } = quantity
  return {
    value,
    comparator: comparator === undefined ? null : (comparators[comparator] ?? null),
    unit: unit ?? null,
    system: system ?? null,
    code: code ?? null,
  }
}

/** As `< 5.0 mmol/L`; null where it has no value. */
export function toQuantityText(quantity: FhirQuantity | undefined): string | null {
  if (quantity?.value === undefined) return null
  return [quantity.comparator, quantity.value, quantity.unit ?? quantity.code]
    .filter((part) => part !== undefined)
    .join(' ')
}

/** As `3.5 - 5.0 mmol/L`, `>= 3.5 mmol/L`, `<= 5.0 mmol/L`; null where it has neither end. */
export function toRangeText(range: Range | undefined): string | null {
  const low = toQuantityText(range?.low)
  const high = toQuantityText(range?.high)
  if (low === null) return high === null ? null : `<= ${high}`
  if (high === null) return `>= ${low}`
  const sameUnit = (range?.low?.unit ?? range?.low?.code) === (range?.high?.unit ?? range?.high?.code)
  return `${sameUnit ? range?.low?.value : low} - ${high}`
}

/** As `1 : 128`; null where it lacks a part. */
export function toRatioText(ratio: Ratio | undefined): string | null {
  const numerator = toQuantityText(ratio?.numerator)
  const denominator = toQuantityText(ratio?.denominator)
  return numerator === null || denominator === null ? null : `${numerator} : ${denominator}`
}
