import type { Mutation, Query } from './generated/patient-view.ts'
import type { RegionConfiguration } from './regions.ts'
import type { Scope } from './scopes.ts'
import type { RootFieldScopes } from './service/field-scopes.ts'

/** The scope that each root field of the patient view needs. Privacy officers' fields also check the role. */
export const publicFieldScopes: Readonly<Record<keyof Query | keyof Mutation, Scope>> = {
  patient: 'record',
  patients: 'record',
  document: 'record',
  regions: 'record',
  viewer: 'record',
  explainAccess: 'record',
  accesses: 'record',
  accessesBy: 'record',
  openReviews: 'record',
  utilisation: 'reports',
  recordPermission: 'record',
  withdrawPermission: 'record',
  breakGlass: 'record',
  reviewOverride: 'record',
}

/** The scope that each root field of a region's store needs. */
export function toRegionFieldScopes({
  viewField,
  documentsField,
  countsField,
}: Pick<RegionConfiguration, 'viewField' | 'documentsField' | 'countsField'>): RootFieldScopes {
  return {
    [viewField]: 'record',
    [documentsField]: 'record',
    [countsField]: 'reports',
    openReviews: 'record',
    explainAccess: 'record',
    recordPermission: 'record',
    withdrawPermission: 'record',
    breakGlass: 'record',
    reviewOverride: 'record',
  }
}
