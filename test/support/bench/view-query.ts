import { held } from './bench-record.ts'

/**
 * Asks what the peers' query asks (../shared/bench/peers/view.mjs), in the words of the patient view: 40 documents, 16
 * medicines, 4 allergies.
 */
export function toViewQuery({ noCache }: { readonly noCache: boolean }): string {
  return `query View($nhsNumber: NHSNumber!) { patient(nhsNumber: $nhsNumber${noCache ? ', noCache: true' : ''}) {
  nhsNumber presence
  completeness { complete message regions { region { code } status asOf fromCache } }
  demographics { name { full } birthDate gender }
  documents(first: ${2 * held.documents}) { complete nodes { id sources { region } title type { codings { code } } author { name organisation { odsCode } } created status confidentiality } }
  medications { complete nodes { id sources { region } medicine { text codings { code } } dosage status started } }
  allergies { complete message nodes { id sources { region } substance { text codings { code } } criticality recorded } }
} }`
}

/** Where the answer has its documents, and how many. */
export const viewPath = 'data.patient.documents.nodes'
export const viewLength = 2 * held.documents
