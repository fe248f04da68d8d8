import type * as Region from '../../schema/generated/region.ts'
import { decodeUtf8 } from '../../schema/service/use-json-requests.ts'
import type { PublishedBy } from '../store/published-by.ts'
import type { RecordStore } from '../store/record-store.ts'
import { toFaultOutcome, toOutcome } from './endpoint/operation-outcome.ts'
import { toResponseBundle } from './endpoint/response-bundle.ts'
import { findJsonExcess } from './find-json-excess.ts'
import { parseFhirJson } from './parse-fhir-json.ts'
import { toPublication } from './to-publication.ts'

/** The response to a Bundle: an HTTP status, and a Bundle or an OperationOutcome in FHIR JSON (UTF-8). */
export interface PublishResponse {
  readonly status: number
  readonly body: Uint8Array
}

/** The publisher of a Bundle. */
export interface Attribution {
  /** The source of items that name no organisation with an ODS code. */
  readonly source: Region.Organisation
  readonly by: PublishedBy
}

/** Publishes a Bundle as received. Rejects only for a bug or a failing store. */
export type PublishBundle = (bundle: Uint8Array, attribution: Attribution) => Promise<PublishResponse>

/** Creates a publisher in this thread, which holds the event loop meanwhile. */
export function createBundlePublisher(store: Pick<RecordStore, 'publish'>): PublishBundle {
  return async (bytes, { source, by }) => {
    const text = decodeUtf8(bytes)
    if (text === null) return refuse(400, 'structure', 'expected UTF-8, found other bytes')
    const excess = findJsonExcess(text)
    if (excess !== null) return refuse(400, 'structure', excess)
    const bundle = parseFhirJson(text)
    if (!bundle) return refuse(400, 'structure', 'expected JSON, found text that is none, or nested too deeply')
    const mapping = toPublication(bundle.value, { publisher: source })
    if (mapping.status === 'refused') return answer(422, toFaultOutcome(mapping.faults))
    const outcomes = await store.publish(mapping.publications.map((publication) => ({ ...publication, by })))
    const refused = mapping.type === 'batch' ? undefined : outcomes.find((outcome) => outcome.status === 'refused')
    if (refused?.status === 'refused')
      return answer(refused.faults.some(({ code }) => code === 'conflict') ? 409 : 422, toFaultOutcome(refused.faults))
    return answer(200, toResponseBundle(mapping, outcomes))
  }
}

function refuse(status: number, code: string, diagnostics: string): PublishResponse {
  return answer(status, toOutcome({ severity: 'error', code, diagnostics }))
}

function answer(status: number, resource: object): PublishResponse {
  return { status, body: new TextEncoder().encode(JSON.stringify(resource)) }
}
