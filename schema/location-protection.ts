import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type * as Region from './generated/region.ts'

// What is shown of concepts and codes where the patient's location is protected (consent.md, Location): a local code system is often named after a place.

const snomed = 'http://snomed.info/sct'

/** National and international code systems. Their neighbours under `/Id/` and `/sid/` are left out: those identify organisations and people. */
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

/** What the codes of a system look like: another text under its name is a publisher's own. */
const codeForms: Readonly<Record<string, RegExp>> = {
  [snomed]: /^\d{6,18}$/,
  'http://loinc.org': /^(LA|LP)?\d{1,7}-\d$/,
}

const { $comment: _, ...displays } = z
  .record(z.string(), z.string())
  .parse(JSON.parse(readFileSync(new URL('national-displays.json', import.meta.url), 'utf8')))
/** By SNOMED CT code. */
const nationalDisplays: ReadonlyMap<string, string> = new Map(Object.entries(displays))

export const hiddenText = "Not shown: this patient's location is protected"

/** Whether the code system is the same everywhere, so that its name tells no place. Unknown and unstated ones are local. */
export function isSharedSystem(system: string | null | undefined): boolean {
  return typeof system === 'string' && sharedSystems.some((form) => form.test(system))
}

/** Whether a coding may be shown: of a shared code system, and of the form of its codes. */
export function isSharedCoding({ system, code }: Partial<Region.Coding>): boolean {
  return isSharedSystem(system) && (codeForms[system ?? '']?.test(code ?? '') ?? true)
}

/** An item, or a part of one, without any local code; words stay, for those of a clinical concept are needed for care. */
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
  // The unit's words stay, for the number means nothing without them.
  return isSharedSystem((value as Partial<Region.Quantity>).system) ? value : { ...value, system: null, code: null }
}

/** The concepts of these names as they may be shown, for those of them that the item has (schema/sections.ts, administrativeConcepts). */
export function redactAdministrativeConcepts(
  names: readonly string[],
  item: object,
): Readonly<Record<string, unknown>> {
  const fields = item as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    names.flatMap((name) => (name in fields ? [[name, redactAdministrativeConcept(fields[name])]] : [])),
  )
}

/** In the national words of the first known code, whatever its publisher wrote. */
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

/** Whether a filter by these document types or categories tells no place: every code is a known one, and none a local guess. */
export function areNationalCodes(codes: readonly string[]): boolean {
  return codes.every((code) => nationalDisplays.has(code))
}

/** The same for a filter by results' codes: every one has the form of a SNOMED CT or LOINC code. */
export function haveSharedCodeForm(codes: readonly string[]): boolean {
  return codes.every((code) => Object.values(codeForms).some((form) => form.test(code)))
}

/** What stands in place of a document's title where the patient's location is protected: a title may name a place (consent.md, Location). */
export const hiddenTitle = "Title not shown: this patient's location is protected"
