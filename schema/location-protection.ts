import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type * as Region from './generated/region.ts'

// Decides which concepts and codes are shown of a patient whose location is protected (policies/README.md, Location). A
// local code system is often named after a place.

const snomed = 'http://snomed.info/sct'

/**
 * National and international code systems. Other systems under `/Id/` and `/sid/` identify organisations and people, so
 * they are not listed.
 */
const sharedSystems: readonly RegExp[] = [
  /^http:\/\/snomed\.info\/sct$/,
  /^http:\/\/loinc\.org$/,
  /^http:\/\/unitsofmeasure\.org$/,
  /^https:\/\/dmd\.nhs\.uk$/,
  /^http:\/\/hl7\.org\/fhir\/sid\/icd-10(-uk)?$/,
  /^http:\/\/terminology\.hl7\.org\/CodeSystem\/[\w.-]+$/,
  /^http:\/\/hl7\.org\/fhir\/(?!sid\/)[\w./-]+$/,
  /^https:\/\/fhir\.(nhs|hl7\.org)\.uk\/([\w.-]+\/)?CodeSystem\/[\w.-]+$/,
  /^urn:ietf:bcp:(13|47)$/,
]

/** The form of each system's codes. A code of another form is the publisher's own and may name a place. */
const codeForms: Readonly<Record<string, RegExp>> = {
  [snomed]: /^\d{6,18}$/,
  'http://loinc.org': /^(LA|LP)?\d{1,7}-\d$/,
}

const { $comment: _, ...displays } = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(new URL('national-displays.json', import.meta.url), 'utf8')))
/** National displays by SNOMED CT code. */
const nationalDisplays: ReadonlyMap<string, string> = new Map(Object.entries(displays))

export const hiddenText = "Not shown: this patient's location is protected"

/**
 * Whether a code system is national or international, so that its name reveals no place. Unknown and absent systems
 * count as local.
 */
export function isSharedSystem(system: string | null | undefined): boolean {
  return typeof system === 'string' && sharedSystems.some((form) => form.test(system))
}

/** Whether a coding may be shown: its system is shared, and its code has the system's form. */
export function isSharedCoding({ system, code }: Partial<Region.Coding>): boolean {
  return isSharedSystem(system) && (codeForms[system ?? '']?.test(code ?? '') ?? true)
}

/** Removes every local code from an item or a part of one. Clinical texts stay, because care needs them. */
export function removeLocalCodes<Value>(value: Value): Value {
  if (Array.isArray(value)) return value.map(removeLocalCodes) as Value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, removeLocalCodes(removeOwnLocalCode(key, inner))]),
  ) as Value
}

function removeOwnLocalCode(field: string, value: unknown): unknown {
  if (field === 'codings' && Array.isArray(value)) return value.filter(isSharedCoding)
  if (field !== 'quantity' || typeof value !== 'object' || value === null) return value
  // The unit's text stays, because the number means nothing without it.
  return isSharedSystem((value as Partial<Region.Quantity>).system) ? value : { ...value, system: null, code: null }
}

/**
 * Returns those of the named concepts that the item has, in the form that may be shown (administrativeConcepts of
 * schema/sections.ts).
 */
export function redactAdministrativeConcepts(
  names: readonly string[],
  item: object,
): Readonly<Record<string, unknown>> {
  const fields = item as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    names.flatMap((name) => (name in fields ? [[name, redactAdministrativeConcept(fields[name])]] : [])),
  )
}

/** Replaces a concept by the national display of its first known code, whatever its publisher wrote. */
function redactAdministrativeConcept(concept: unknown): unknown {
  if (typeof concept !== 'object' || concept === null) return concept
  const { codings } = concept as Partial<Region.Concept>
  const shown = (codings ?? [])
    .filter(isSharedCoding)
    .map((coding) => ({ ...coding, display: toNationalDisplay(coding) }))
  const text = shown.find(({ display }) => display !== null)?.display ?? hiddenText
  return { text, codings: shown }
}

function toNationalDisplay({ system, code }: Partial<Region.Coding>): string | null {
  return system === snomed ? (nationalDisplays.get(code ?? '') ?? null) : null
}

/** Whether a filter by these document types or categories reveals no place: every code is a known national one. */
export function areNationalCodes(codes: readonly string[]): boolean {
  return codes.every((code) => nationalDisplays.has(code))
}

/** Whether a filter by these result codes reveals no place: every code has the form of SNOMED CT or LOINC. */
export function haveSharedCodeForm(codes: readonly string[]): boolean {
  return codes.every((code) => Object.values(codeForms).some((form) => form.test(code)))
}

/**
 * Replaces a document's title where the location is protected, because a title may name a place (policies/README.md,
 * Location).
 */
export const hiddenTitle = "Title not shown: this patient's location is protected"
