import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import { code, list, string, uri } from './primitives.ts'

export const coding = z.object({ system: uri.optional(), code: code.optional(), display: string.optional() }, 'Coding')
export type Coding = z.infer<typeof coding>

export const codeableConcept = z.object({ text: string.optional(), coding: list(coding) }, 'CodeableConcept')
export type CodeableConcept = z.infer<typeof codeableConcept>

/** A CodeableConcept that must mean something, as the SDL serves it. */
export const concept = codeableConcept.transform((value, context): Region.Concept => {
  const concept = toConcept(value)
  if (concept) return concept
  context.issues.push({ code: 'custom', message: 'CodeableConcept with text or coding', input: value })
  return z.NEVER
})

/**
 * The words as published (the text, else the first display, else the first code) and the codes; null where it has none.
 */
export function toConcept(concept: CodeableConcept | undefined): Region.Concept | null {
  if (!concept) return null
  const codings = concept.coding ?? []
  const text =
    concept.text ??
    codings.find((one) => one.display !== undefined)?.display ??
    codings.find((one) => one.code !== undefined)?.code
  return text === undefined ? null : { text, codings: codings.flatMap(toCoding) }
}

/** The first of several that means something. */
export function toFirstConcept(concepts: readonly CodeableConcept[] | undefined): Region.Concept | null {
  for (const one of concepts ?? []) {
    const concept = toConcept(one)
    if (concept) return concept
  }
  return null
}

/** The codes of a concept, of any system. */
export function toCodes(concept: CodeableConcept | undefined): readonly string[] {
  return (concept?.coding ?? []).flatMap((one) => one.code ?? [])
}

function toCoding({ system, code, display }: Coding): Region.Coding[] {
  return code === undefined ? [] : [{ system: system ?? null, code, display: display ?? null }]
}

/**
 * The value of an SDL enum for a FHIR code (`on-hold` is ON_HOLD); UNRECOGNISED for codes outside it, null where there
 * is none.
 */
export function toEnum<const E extends string>(
  values: readonly E[],
  code: string | undefined,
): E | 'UNRECOGNISED' | null {
  if (code === undefined) return null
  const name = code.toUpperCase().replaceAll('-', '_')
  return values.find((value) => value === name) ?? 'UNRECOGNISED'
}
