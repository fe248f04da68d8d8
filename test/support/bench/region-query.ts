import { held } from './bench-record.ts'

/** What a region is asked for the bench's view where nobody merges: the patient's items in the region's own words. */
export function toRegionQuery(viewField: string): string {
  return `${viewField}(nhsNumbers: [$nhsNumber]) { patients { record {
  demographics { name { full } birthDate gender }
  documents(first: ${held.documents}) { nodes { id title type { codings { code } } author { name organisation { odsCode } } created status confidentiality } }
  medications { nodes { id medicine { text codings { code } } dosage status started } }
  allergies { nodes { id substance { text codings { code } } criticality recorded } }
} } }`
}

/** Where a region's data has its documents. */
export function toRegionPath(viewField: string): string {
  return `${viewField}.patients.0.record.documents.nodes`
}
