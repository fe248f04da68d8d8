import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import { codeableConcept, toConcept } from '../datatypes/concept.ts'
import { boolean, dateTime, integer, period, string } from '../datatypes/primitives.ts'
import { quantity, range, ratio, toQuantity, toRangeText, toRatioText } from '../datatypes/quantity.ts'

/** Observation.value[x], and why there is none. */
export const valueShape = {
  valueQuantity: quantity.optional(),
  valueCodeableConcept: codeableConcept.optional(),
  valueString: string.optional(),
  valueBoolean: boolean.optional(),
  valueInteger: integer.optional(),
  valueRange: range.optional(),
  valueRatio: ratio.optional(),
  valueTime: string.optional(),
  valueDateTime: dateTime.optional(),
  valuePeriod: period.optional(),
  dataAbsentReason: codeableConcept.optional(),
}
const schema = z.object(valueShape)

/** The value as a quantity, or in words; where there is no value, the reason that is given for it. */
export function toValue(resource: z.infer<typeof schema>): {
  readonly value: string | null
  readonly quantity: Region.Quantity | null
} {
  const quantity = toQuantity(resource.valueQuantity)
  return { quantity, value: quantity ? null : (toText(resource) ?? toConcept(resource.dataAbsentReason)?.text ?? null) }
}

function toText({
  valueCodeableConcept,
  valueString,
  valueBoolean,
  valueInteger,
  valueRange,
  valueRatio,
  valueTime,
  valueDateTime,
  valuePeriod,
}: z.infer<typeof schema>): string | null {
  return (
    toConcept(valueCodeableConcept)?.text ??
    valueString ??
    valueBoolean?.toString() ??
    valueInteger?.toString() ??
    toRangeText(valueRange) ??
    toRatioText(valueRatio) ??
    valueTime ??
    valueDateTime ??
    (valuePeriod ? `${valuePeriod.start ?? ''} - ${valuePeriod.end ?? ''}`.trim() : null)
  )
}
