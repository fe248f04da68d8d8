import { z } from 'zod'
import { isPartialDateTime } from '../../../schema/partial-date-time.ts'
import { bundleLimits } from '../bundle-limits.ts'
import { NumberText } from '../parse-fhir-json.ts'

// The message of every schema is the name of the FHIR type that was expected: faults are written from it
// (to-faults.ts).

/** A FHIR string or markdown; blank ones are not allowed. */
export const string = z.string('string').regex(/\S/, 'string')
/**
 * No white space but single spaces between others. Not by one expression: what repeats a group exceeds the stack on
 * megabytes.
 */
export const code = z.string('code').refine((text) => text !== '' && !/[^\S ]|^ | $| {2}/.test(text), 'code')
export const uri = z.string('uri').regex(/^\S+$/, 'uri')
export const boolean = z.boolean('boolean')
export const integer = z.number('integer').refine(Number.isSafeInteger, 'integer')
/** A date or dateTime of any precision, kept as text. */
export const dateTime = z.string('dateTime').refine(isPartialDateTime, 'dateTime')
/** An instant: a dateTime with time and offset, kept as text. */
export const instant = z.string('instant').refine((text) => text.includes('T') && isPartialDateTime(text), 'instant')
/** A decimal as text, with the digits it was recorded with. */
export const decimal = z
  .union([z.number(), z.instanceof(NumberText)], 'decimal')
  .transform((value) => (value instanceof NumberText ? value.source : String(value)))
export const base64Binary = z.string('base64Binary').refine(isBase64, 'base64Binary')

/** An optional element that repeats. */
export const list = <T extends z.ZodType>(element: T) => z.array(element, 'array').optional()
/** Security labels. */
export const labelList = <T extends z.ZodType>(element: T) =>
  z.array(element, 'array').max(bundleLimits.labels, `array of at most ${bundleLimits.labels}`).optional()
/** An optional primitive element that repeats; FHIR JSON fills gaps, where only an extension stands, with null. */
export const strings = z
  .array(string.nullable(), 'array')
  .transform((values) => values.filter((value) => value !== null))
  .optional()

/** In two steps, each linear in a text of megabytes; padding only at the end, for decoding stops there. */
function isBase64(text: string): boolean {
  const padding = text.indexOf('=')
  return /^[A-Za-z0-9+/=\s]*$/.test(text) && (padding < 0 || /^[=\s]*$/.test(text.slice(padding)))
}

export const period = z.object({ start: dateTime.optional(), end: dateTime.optional() }, 'Period')
