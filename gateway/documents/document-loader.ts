import DataLoader from 'dataloader'
import type { AccessContext } from '../../schema/assertion.ts'
import { maxDocumentsPerRequest } from '../../schema/region-contract.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RegionFailure } from '../regions/region-fault.ts'
import { toWaitStatus } from '../regions/region-wait-recorder.ts'
import type { RequestContext } from '../request/request-context.ts'

/** Which patient a document belongs to, and which regions failed to say. */
export interface DocumentLookup {
  /** The patient's NHS number, by the code of each region that may show the document. */
  readonly nhsNumbers: ReadonlyMap<string, string>
  /** By region code. */
  readonly failures: ReadonlyMap<string, RegionFailure>
}

/** Creates a loader that asks each region once per fifty documents. It lives for one request and one access context. */
export function createDocumentLoader(
  clients: readonly RegionClient[],
  { credentialsFor, recorder }: Pick<RequestContext, 'credentialsFor' | 'recorder'>,
  context: AccessContext,
): DataLoader<string, DocumentLookup> {
  const load = async (ids: readonly string[]): Promise<DocumentLookup[]> => {
    const failures = new Map<string, RegionFailure>()
    const found = await Promise.all(
      clients.map(async (client) => {
        const { code } = client.region
        const credentials = await credentialsFor(code, context)
        const askedAtMs = performance.now()
        const outcome = await client.findDocuments(ids, credentials)
        recorder.recordOperationWait(code, toWaitStatus(outcome.status), askedAtMs)
        if (outcome.status === 'REPLIED') return { code, documents: outcome.documents }
        failures.set(code, outcome.status)
        return { code, documents: [] }
      }),
    )
    // Owners are in the order of the regions, because the first one's number decides and must not depend on which
    // region replies first.
    const owners = new Map(ids.map((id) => [id, new Map<string, string>()]))
    for (const { code, documents } of found) {
      for (const { id, nhsNumber } of documents) if (nhsNumber !== null) owners.get(id)?.set(code, nhsNumber)
    }
    return ids.map((id) => ({ nhsNumbers: owners.get(id) ?? new Map(), failures }))
  }
  return new DataLoader(load, { maxBatchSize: maxDocumentsPerRequest })
}
