import type { Mutation, Query } from './generated/patient-view.ts'
import type { RegionConfiguration } from './regions.ts'
import type { Scope } from './scopes.ts'
import type { RootFieldScopes } from './service/field-scopes.ts'

/** What each root field of the patient view asks of a token. Privacy officers' fields ask for their role beside it. */
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

/** What each root field of a region's store asks of the viewer's token. */
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
