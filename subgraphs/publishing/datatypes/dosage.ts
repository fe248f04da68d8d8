import { z } from 'zod'
import { codeableConcept, toConcept, toFirstConcept } from './concept.ts'
import { boolean, decimal, integer, list, string } from './primitives.ts'
import { quantity, range, toQuantityText, toRangeText } from './quantity.ts'

const repeat = z.object(
  {
    frequency: integer.optional(),
    frequencyMax: integer.optional(),
    period: decimal.optional(),
    periodMax: decimal.optional(),
    periodUnit: string.optional(),
    boundsDuration: quantity.optional(),
  },
  'Timing.repeat',
)

type Repeat = z.infer<typeof repeat>

export const dosage = z.object(
  {
    text: string.optional(),
    patientInstruction: string.optional(),
    additionalInstruction: list(codeableConcept),
    timing: z.object({ code: codeableConcept.optional(), repeat: repeat.optional() }, 'Timing').optional(),
    asNeededBoolean: boolean.optional(),
    asNeededCodeableConcept: codeableConcept.optional(),
    route: codeableConcept.optional(),
    doseAndRate: list(
      z.object({ doseQuantity: quantity.optional(), doseRange: range.optional() }, 'Dosage.doseAndRate'),
    ),
  },
  'Dosage',
)
export type Dosage = z.infer<typeof dosage>

const units: Readonly<Record<string, string>> = {
  s: 'second',
  min: 'minute',
  h: 'hour',
  d: 'day',
  wk: 'week',
  mo: 'month',
  a: 'year',
}

/**
 * What to take and when, in words: as published, else composed plainly from the structured parts; null where nothing is
 * said.
 */
export function toDosageText(dosages: readonly Dosage[] | undefined): string | null {
  const texts = (dosages ?? []).flatMap((one) => one.text ?? one.patientInstruction ?? composeText(one) ?? [])
  return texts.length === 0 ? null : texts.join('; ')
}

function composeText({
  doseAndRate,
  route,
  timing,
  additionalInstruction,
  asNeededBoolean,
  asNeededCodeableConcept,
}: Dosage): string | null {
  const reason = toConcept(asNeededCodeableConcept)?.text
  const parts = [
    toQuantityText(doseAndRate?.[0]?.doseQuantity) ?? toRangeText(doseAndRate?.[0]?.doseRange),
    toConcept(route)?.text,
    toConcept(timing?.code)?.text ?? toRepeatText(timing?.repeat),
    reason === undefined ? (asNeededBoolean ? 'as needed' : null) : `as needed for ${reason}`,
    toFirstConcept(additionalInstruction)?.text,
  ].filter((part) => part !== null && part !== undefined)
  return parts.length === 0 ? null : parts.join(', ')
}

/** As `1 time every 6 hours`, `2 to 3 times a day for 7 d`. */
function toRepeatText(repeat: Repeat | undefined): string | null {
  if (repeat?.period === undefined || repeat.periodUnit === undefined) return null
  const { frequency = 1, frequencyMax, period, periodMax, periodUnit, boundsDuration } = repeat
  const times = `${frequency}${frequencyMax === undefined ? '' : ` to ${frequencyMax}`} ${(frequencyMax ?? frequency) === 1 ? 'time' : 'times'}`
  const unit = units[periodUnit] ?? periodUnit
  const every =
    periodMax !== undefined
      ? `every ${period} to ${periodMax} ${unit}s`
      : period === '1'
        ? `every ${unit}`
        : `every ${period} ${unit}s`
  const bounds = toQuantityText(boundsDuration)
  return `${times} ${every}${bounds === null ? '' : ` for ${bounds}`}`
}
