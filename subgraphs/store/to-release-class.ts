import { toExclusionSets } from '../../schema/exclusion-sets.ts'
import type * as Region from '../../schema/generated/region.ts'
import type { ReleaseClass } from '../../schema/policies/facts.ts'
import type { SectionField } from '../../schema/sections.ts'
import { sectionTable } from './section-table.ts'

/** What of an item its kind follows from. */
export interface ClassifiedItem {
  readonly section: SectionField
  readonly labels: readonly string[]
  /** See toSource. */
  readonly source: string
  /** What the SDL serves of it, or the publisher's part of that: codes stand in the latter. */
  readonly body: Readonly<Record<string, unknown>>
}

/** The kind that release rules decide an item by. Lists are sorted and without repetition, so that items alike have equal kinds. */
export function toReleaseClass({
  section,
  labels,
  source,
  body,
}: ClassifiedItem): Required<Omit<ReleaseClass, 'content'>> {
  const concepts: Readonly<Partial<Record<'types' | 'categories' | 'settings', string>>> =
    sectionTable[section].ruleConcepts
  const codesOf = (concept: string | undefined) => (concept === undefined ? [] : toCodes(body[concept]))
  const snomed = findCodings(body).filter(({ system }) => isSnomed(system))
  return {
    section,
    labels: toSorted(labels),
    source,
    types: codesOf(concepts.types),
    categories: codesOf(concepts.categories),
    settings: codesOf(concepts.settings),
    exclusionSets: toSorted(toExclusionSets(snomed.map(({ code }) => code))),
  }
}

function toCodes(concept: unknown): readonly string[] {
  return toSorted(findCodings(concept).map(({ code }) => code))
}

/** Every coding in a value, however deep. */
function findCodings(value: unknown, found: Region.Coding[] = []): readonly Region.Coding[] {
  if (typeof value !== 'object' || value === null) return found
  for (const [key, part] of Object.entries(value)) {
    if (key === 'codings') found.push(...(part as readonly Region.Coding[]))
    else findCodings(part, found)
  }
  return found
}

/** SNOMED CT by its URI (a version or an edition may follow), by its OID, or as dm+d. Codes that name no system are taken for it: that protects. */
function isSnomed(system: string | null): boolean {
  return (
    system === null || /^https?:\/\/(snomed\.info\/|dmd\.nhs\.uk)|^urn:oid:2\.16\.840\.1\.113883\.6\.96$/.test(system)
  )
}

function toSorted<Word extends string>(words: readonly Word[]): readonly Word[] {
  return words.length < 2 ? words : [...new Set(words)].sort()
}
