import type { SectionField } from '../../../schema/sections.ts'
import { encounterClasses, resultCodes } from './item-fields.ts'
import type { FiltersModel, VersionModel } from './model.ts'
import { type Scenario, toOdsCode } from './scenario.ts'

/** How a section is asked for, and what of it that takes in. */
export interface SectionDefinition {
  readonly field: SectionField
  /** In the public schema, as ALERTS. */
  readonly name: string
  /** The arguments that ask for everything current that the variables let through; no window. */
  readonly args: string
  /** The same for a region's own record, without a filter. */
  readonly recordArgs: string
  /** Where the mark stands. */
  readonly mark: string
  /** What else tells a place, or more than it should. */
  readonly also: string
  readonly matches: (version: VersionModel, filters: FiltersModel, scene: Scenario) => boolean
}

const always = () => true
const variantMatches = ({ variant }: VersionModel, filters: FiltersModel) =>
  filters.variant === null || filters.variant === variant

/** Every section of the view that has items. */
export const sections: readonly SectionDefinition[] = [
  { field: 'alerts', name: 'ALERTS', args: '', recordArgs: '', mark: 'code { text }', also: '', matches: always },
  {
    field: 'allergies',
    name: 'ALLERGIES',
    args: '',
    recordArgs: '',
    mark: 'substance { text }',
    also: 'reactions { manifestation { text } }',
    matches: always,
  },
  {
    field: 'problems',
    name: 'PROBLEMS',
    args: '(status: $statuses)',
    recordArgs: '',
    mark: 'code { text }',
    also: '',
    matches: variantMatches,
  },
  {
    field: 'medications',
    name: 'MEDICATIONS',
    args: '(all: true)',
    recordArgs: '(all: true)',
    mark: 'medicine { text }',
    also: 'prescriber { odsCode name }',
    matches: always,
  },
  {
    field: 'immunisations',
    name: 'IMMUNISATIONS',
    args: '',
    recordArgs: '',
    mark: 'vaccine { text }',
    also: '',
    matches: always,
  },
  {
    field: 'procedures',
    name: 'PROCEDURES',
    args: '',
    recordArgs: '',
    mark: 'code { text }',
    also: '',
    matches: always,
  },
  {
    field: 'carePlans',
    name: 'CARE_PLANS',
    args: '',
    recordArgs: '',
    mark: 'title',
    also: 'category { codings { code } }',
    matches: always,
  },
  {
    field: 'contacts',
    name: 'CONTACTS',
    args: '',
    recordArgs: '',
    mark: 'name',
    also: 'telecom { value }',
    matches: always,
  },
  {
    field: 'appointments',
    name: 'APPOINTMENTS',
    args: '(since: "1900")',
    recordArgs: '(since: "1900")',
    mark: 'description',
    also: 'location',
    matches: always,
  },
  {
    field: 'results',
    name: 'RESULTS',
    args: '(first: $first, after: $after, filter: $results)',
    recordArgs: '(first: 100, filter: { all: true })',
    mark: 'code { text }',
    also: '',
    matches: variantMatches,
  },
  {
    field: 'encounters',
    name: 'ENCOUNTERS',
    args: '(first: $first, after: $after, filter: $encounters)',
    recordArgs: '(first: 100, filter: { all: true })',
    mark: 'type { text }',
    also: 'provider { odsCode name }',
    matches: variantMatches,
  },
  {
    field: 'documents',
    name: 'DOCUMENTS',
    args: '(first: $first, after: $after, filter: $documents)',
    recordArgs: '(first: 100)',
    mark: 'title',
    also: 'author { name role { text } organisation { odsCode name } } custodian { odsCode name } contentAnswer',
    matches: ({ types, source }, { documentTypes, documentOrganisations }, scene) =>
      (documentTypes === null || documentTypes.some((type) => types.includes(type))) &&
      (documentOrganisations === null || documentOrganisations.includes(toOdsCode(scene, source))),
  },
]

/** The variables that a section's arguments name. */
export function toFilterVariables({ documentTypes, documentOrganisations, supersededToo, variant }: FiltersModel) {
  return {
    statuses: variant === null ? null : [variant === 0 ? 'ACTIVE' : 'RESOLVED'],
    results: { all: true, codes: variant === null ? null : [resultCodes[variant]] },
    encounters: { all: true, classes: variant === null ? null : [encounterClasses[variant]] },
    documents: {
      types: documentTypes,
      organisations: documentOrganisations,
      status: supersededToo ? ['CURRENT', 'SUPERSEDED'] : null,
    },
  }
}

/** What a region's own record is asked for: everything current. */
export const noFilters: FiltersModel = {
  documentTypes: null,
  documentOrganisations: null,
  supersededToo: false,
  variant: null,
}
