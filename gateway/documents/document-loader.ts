import DataLoader from 'dataloader'
import type { AccessContext } from '../../schema/assertion.ts'
import { maxDocumentsPerRequest } from '../../schema/region-contract.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RegionFailure } from '../regions/region-reply.ts'
import { toWaitStatus } from '../regions/region-wait-recorder.ts'
import type { RequestContext } from '../request/request-context.ts'

/** Whose a document is, and how the regions fared that did not say. */
export interface DocumentLookup {
  /** By code of the regions that have such a document and may show it: the patient's number there. */
  readonly nhsNumbers: ReadonlyMap<string, string>
  /** By region code. */
  readonly failures: ReadonlyMap<string, RegionFailure>
}

/** Asks each of these regions once for all the documents of a request, or once for each fifty. Lives for one request, and one access context. */
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
    // The owners stand in the regions' order, because the first one's number decides: an answer must not depend on which region replies first.
    const owners = new Map(ids.map((id) => [id, new Map<string, string>()]))
    for (const { code, documents } of found) {
      for (const { id, nhsNumber } of documents) if (nhsNumber !== null) owners.get(id)?.set(code, nhsNumber)
    }
    return ids.map((id) => ({ nhsNumbers: owners.get(id) ?? new Map(), failures }))
  }
  return new DataLoader(load, { maxBatchSize: maxDocumentsPerRequest })
}
