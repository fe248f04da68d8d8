import type * as Region from '../../schema/generated/region.ts'
import { redactAdministrativeConcepts, removeLocalCodes } from '../../schema/location-protection.ts'
import { type SectionDefinition, type SectionField, type SectionItems, sections } from '../../schema/sections.ts'
import { type StoredSection, sectionTable } from '../store/section-table.ts'

/** Demographics of a patient flagged sensitive: nothing that says where they are. */
export function redactLocations(demographics: Region.Demographics): Region.Demographics {
  return { ...demographics, address: null, telecom: [], gpPractice: null, organisation: null }
}

/** An item of such a patient: what and when, not where. Its identifier stays, by which the gateway finds it in other regions, and is taken out there. */
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
