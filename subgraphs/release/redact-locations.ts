import type * as Region from '../../schema/generated/region.ts'
import { redactAdministrativeConcepts, removeLocalCodes } from '../../schema/location-protection.ts'
import { type SectionDefinition, type SectionField, type SectionItems, sections } from '../../schema/sections.ts'
import { type StoredSection, sectionTable } from '../store/section-table.ts'

/** Removes every location from the demographics of a patient flagged sensitive. */
export function redactLocations(demographics: Region.Demographics): Region.Demographics {
  return { ...demographics, address: null, telecom: [], gpPractice: null, organisation: null }
}

/**
 * Removes every place from an item of such a patient. The identifier stays, because the gateway matches regions by it,
 * and removes it there.
 */
export function redactItemLocations<S extends SectionField>(section: S, item: SectionItems[S]): SectionItems[S] {
  const coded = removeLocalCodes(item)
  const definition: SectionDefinition<S> = sections[section]
  const stored: StoredSection<S> = sectionTable[section]
  return {
    ...coded,
    organisation: null,
    ...redactAdministrativeConcepts(definition.administrativeConcepts, coded),
    ...stored.redactPlaces?.(item),
  }
}
