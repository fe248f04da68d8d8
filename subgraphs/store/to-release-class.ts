import { toExclusionSets } from '../../schema/exclusion-sets.ts'
import type * as Region from '../../schema/generated/region.ts'
import type { ReleaseClass } from '../../schema/policies/facts.ts'
import type { SectionField } from '../../schema/sections.ts'
import { sectionTable } from './section-table.ts'

/** The parts of an item from which its release class is made. */
export interface ClassifiedItem {
  readonly section: SectionField
  readonly labels: readonly string[]
  /** See toSource. */
  readonly source: string
  /** What the SDL serves of it, or the publisher's part of that: codes stand in the latter. */
  readonly body: Readonly<Record<string, unknown>>
}

/** Computes an item's release class. Lists are sorted and distinct, so that like items have equal classes. */
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

/** Finds every coding in a value, at any depth. */
function findCodings(value: unknown, found: Region.Coding[] = []): readonly Region.Coding[] {
  if (typeof value !== 'object' || value === null) return found
  for (const [key, part] of Object.entries(value)) {
    if (key === 'codings') found.push(...(part as readonly Region.Coding[]))
    else findCodings(part, found)
  }
  return found
}

/**
 * Whether the system is SNOMED CT: its URI (with any version or edition), its OID, or dm+d. A code without a system
 * counts too, because that protects.
 */
function isSnomed(system: string | null): boolean {
  return (
    system === null || /^https?:\/\/(snomed\.info\/|dmd\.nhs\.uk)|^urn:oid:2\.16\.840\.1\.113883\.6\.96$/.test(system)
  )
}

function toSorted<Word extends string>(words: readonly Word[]): readonly Word[] {
  return words.length < 2 ? words : [...new Set(words)].sort()
}
