import { hiddenTitle } from '../../schema/location-protection.ts'
import type { SectionField, SectionItems } from '../../schema/sections.ts'
import type { ItemFields } from './record-store.ts'

/** What the stores know of a section beyond its types. */
export interface StoredSection<Section extends SectionField> {
  /** The item's concepts whose codes release rules read, by the rules' name for them; see ReleaseClass. */
  readonly ruleConcepts: Readonly<Partial<Record<'types' | 'categories' | 'settings', keyof ItemFields<Section>>>>
  /** Returns the codes and categories by which a filter finds an item. Null if the section has no such filter. */
  readonly toFilterWords: ((fields: ItemFields<Section>) => FilterWords) | null
  /**
   * The fields that reveal a place, as they are shown of a patient flagged sensitive; the organisation is left out of
   * every item.
   */
  readonly redactPlaces: ((item: SectionItems[Section]) => Partial<SectionItems[Section]>) | null
}

export interface FilterWords {
  readonly codes: readonly string[]
  readonly categories: readonly (string | null)[]
}

const toCodes = (concept: SectionItems['documents']['category']) => concept?.codings.map(({ code }) => code) ?? []

/** The sections as they are stored. A section that the SDL has and this table lacks does not compile. */
export const sectionTable: { readonly [Section in SectionField]: StoredSection<Section> } = {
  alerts: { ruleConcepts: {}, toFilterWords: null, redactPlaces: null },
  allergies: { ruleConcepts: {}, toFilterWords: null, redactPlaces: null },
  problems: { ruleConcepts: {}, toFilterWords: null, redactPlaces: null },
  medications: { ruleConcepts: {}, toFilterWords: null, redactPlaces: () => ({ prescriber: null }) },
  immunisations: { ruleConcepts: {}, toFilterWords: null, redactPlaces: null },
  procedures: { ruleConcepts: {}, toFilterWords: null, redactPlaces: null },
  carePlans: { ruleConcepts: { types: 'category' }, toFilterWords: null, redactPlaces: null },
  contacts: {
    ruleConcepts: {},
    toFilterWords: null,
    redactPlaces: ({ professional, name }) => ({ telecom: [], worksFor: null, name: professional ? null : name }),
  },
  appointments: {
    ruleConcepts: { settings: 'specialty' },
    toFilterWords: null,
    redactPlaces: () => ({ location: null, description: null }),
  },
  results: {
    ruleConcepts: {},
    toFilterWords: ({ code, category }) => ({ codes: toCodes(code), categories: [category] }),
    redactPlaces: null,
  },
  encounters: {
    ruleConcepts: {},
    toFilterWords: ({ class: encounterClass }) => ({ codes: [], categories: [encounterClass] }),
    redactPlaces: () => ({ provider: null }),
  },
  documents: {
    ruleConcepts: { types: 'type', categories: 'category', settings: 'specialty' },
    toFilterWords: ({ type, category }) => ({ codes: toCodes(type), categories: toCodes(category) }),
    // A document's title and content are not shown, because free text may hold an address.
    redactPlaces: ({ contentAnswer }) => ({
      title: hiddenTitle,
      author: null,
      custodian: null,
      content: null,
      contentAnswer: contentAnswer === 'AVAILABLE' ? 'LOCATION_PROTECTED' : contentAnswer,
    }),
  },
}
