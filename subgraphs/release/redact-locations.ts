import type * as Region from '../../schema/generated/region.ts'
import { hiddenTitle, redactAdministrativeConcepts, removeLocalCodes } from '../../schema/location-protection.ts'
import type { SectionItems, SectionName } from '../store/record-store.ts'

/** Demographics of a patient flagged sensitive: nothing that says where they are. */
export function redactLocations(demographics: Region.Demographics): Region.Demographics {
  return { ...demographics, address: null, telecom: [], gpPractice: null, organisation: null }
}

/** What is left out of each section's items, beside who published them. */
const redactSection: { readonly [S in SectionName]?: (item: SectionItems[S]) => Partial<SectionItems[S]> } = {
  medications: () => ({ prescriber: null }),
  contacts: ({ professional, name }) => ({ telecom: [], worksFor: null, name: professional ? null : name }),
  appointments: () => ({ location: null, description: null }),
  encounters: () => ({ provider: null }),
  // Free text of a document may hold an address: its title and content are not shown.
  documents: ({ contentAnswer }) => ({
    title: hiddenTitle,
    author: null,
    custodian: null,
    content: null,
    contentAnswer: contentAnswer === 'AVAILABLE' ? 'LOCATION_PROTECTED' : contentAnswer,
  }),
}

/** An item of such a patient: what and when, not where. Its identifier stays, by which the gateway finds it in other regions, and is taken out there. */
export function redactItemLocations<S extends SectionName>(section: S, item: SectionItems[S]): SectionItems[S] {
  const coded = removeLocalCodes(item)
  return {
    ...coded,
    organisation: null,
    ...redactAdministrativeConcepts(section, coded),
    ...redactSection[section]?.(item),
  }
}
