import type * as Public from './generated/patient-view.ts'
import type * as Region from './generated/region.ts'
import { areNationalCodes, haveSharedCodeForm } from './location-protection.ts'

/** The fields of a type that hold a value of this kind. */
type FieldsOfKind<Type, Kind> = {
  [Field in keyof Type & string]: Type[Field] extends Kind ? Field : never
}[keyof Type & string]

/** A section of items, by its field of the regions' Record. Demographics are no section, because they have no items. */
export type SectionField = FieldsOfKind<Region.Record, Region.Section>
/** A section that is read page by page, newest first. */
export type TimelineSectionField = FieldsOfKind<Region.Record, Region.Page>
/** A section that is read whole. */
export type ListSectionField = Exclude<SectionField, TimelineSectionField>
/** A section by its field of the view's Patient; the compiler compares these with the fields of Record. */
export type PatientSectionField = FieldsOfKind<Public.Patient, Public.Section>

/** The type of each section's items in the regions' SDL. */
export type SectionItems = { readonly [Field in SectionField]: Region.Record[Field]['nodes'][number] }

/** The SDL's name of a section: `carePlans` is CARE_PLANS. */
type NameOf<Field extends string> = Field extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? '' : '_'}${Uppercase<First>}${NameOf<Rest>}`
  : ''

/** What the gateway and the stores both need to know of a section beyond its types. */
export interface SectionDefinition<Field extends SectionField> {
  /** The value of the SDL's enum SectionName. */
  readonly name: NameOf<Field> & Public.SectionName
  readonly form: Field extends TimelineSectionField ? 'timeline' : 'list'
  /**
   * Concepts that say where care is given or by whom. Where the location is protected, only their national displays are
   * shown.
   */
  readonly administrativeConcepts: readonly (keyof SectionItems[Field] & string)[]
  /**
   * Whether a filter by these codes reveals no place, so that it applies where the location is protected. Null if no
   * filter has codes.
   */
  readonly areHarmlessCodes: ((codes: readonly string[]) => boolean) | null
}

/**
 * The sections, in the order in which explanations list them. A section that the SDL has and this table lacks does not
 * compile.
 */
export const sections: { readonly [Field in SectionField]: SectionDefinition<Field> } = {
  alerts: { name: 'ALERTS', form: 'list', administrativeConcepts: [], areHarmlessCodes: null },
  allergies: { name: 'ALLERGIES', form: 'list', administrativeConcepts: [], areHarmlessCodes: null },
  problems: { name: 'PROBLEMS', form: 'list', administrativeConcepts: [], areHarmlessCodes: null },
  medications: { name: 'MEDICATIONS', form: 'list', administrativeConcepts: [], areHarmlessCodes: null },
  immunisations: { name: 'IMMUNISATIONS', form: 'list', administrativeConcepts: [], areHarmlessCodes: null },
  procedures: { name: 'PROCEDURES', form: 'list', administrativeConcepts: [], areHarmlessCodes: null },
  carePlans: { name: 'CARE_PLANS', form: 'list', administrativeConcepts: [], areHarmlessCodes: null },
  contacts: { name: 'CONTACTS', form: 'list', administrativeConcepts: [], areHarmlessCodes: null },
  appointments: { name: 'APPOINTMENTS', form: 'list', administrativeConcepts: ['specialty'], areHarmlessCodes: null },
  results: { name: 'RESULTS', form: 'timeline', administrativeConcepts: [], areHarmlessCodes: haveSharedCodeForm },
  encounters: { name: 'ENCOUNTERS', form: 'timeline', administrativeConcepts: ['type'], areHarmlessCodes: null },
  documents: {
    name: 'DOCUMENTS',
    form: 'timeline',
    administrativeConcepts: ['type', 'category', 'specialty'],
    areHarmlessCodes: areNationalCodes,
  },
}

/** Every section, in the table's order. */
export const sectionFields = Object.keys(sections) as readonly SectionField[]

export function isSectionField(name: string): name is SectionField {
  return Object.hasOwn(sections, name)
}

export function isTimelineField(name: string): name is TimelineSectionField {
  return isSectionField(name) && sections[name].form === 'timeline'
}
