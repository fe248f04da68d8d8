import type { SectionName } from '../../schema/generated/patient-view.ts'

/** What the gateway knows of a section beyond its types. */
export interface SectionDefinition {
  readonly name: SectionName
  /** The plural noun in messages. */
  readonly noun: string
  readonly form: 'list' | 'timeline'
}

/** The sections of the view by their field of Patient, without demographics, which have no items. */
export const sectionTable: Readonly<Record<string, SectionDefinition>> = {
  alerts: { name: 'ALERTS', noun: 'alerts', form: 'list' },
  allergies: { name: 'ALLERGIES', noun: 'allergies', form: 'list' },
  problems: { name: 'PROBLEMS', noun: 'problems', form: 'list' },
  medications: { name: 'MEDICATIONS', noun: 'medications', form: 'list' },
  immunisations: { name: 'IMMUNISATIONS', noun: 'immunisations', form: 'list' },
  procedures: { name: 'PROCEDURES', noun: 'procedures', form: 'list' },
  carePlans: { name: 'CARE_PLANS', noun: 'care plans', form: 'list' },
  contacts: { name: 'CONTACTS', noun: 'contacts', form: 'list' },
  appointments: { name: 'APPOINTMENTS', noun: 'appointments', form: 'list' },
  results: { name: 'RESULTS', noun: 'results', form: 'timeline' },
  encounters: { name: 'ENCOUNTERS', noun: 'encounters', form: 'timeline' },
  documents: { name: 'DOCUMENTS', noun: 'documents', form: 'timeline' },
}

/** The fields that the view adds to the regions' items and demographics. */
export const fieldsAddedByView: ReadonlySet<string> = new Set([
  'context',
  'sources',
  'possibleDuplicates',
  'conflicts',
  'retractedElsewhere',
  'locationProtected',
])
