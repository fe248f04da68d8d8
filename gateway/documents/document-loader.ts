import DataLoader from 'dataloader'
import type { AccessContext } from '../../schema/assertion.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RegionFailure } from '../regions/region-reply.ts'
import type { CredentialsFor } from '../request-context.ts'

/** Whose a document is, and how the regions fared that did not say. */
export interface DocumentOwner {
  /** Null: no region that answered has such a document that it can show. */
  readonly nhsNumber: string | null
  /** By region code. */
  readonly failures: ReadonlyMap<string, RegionFailure>
}

/** Asks all regions once for all the documents of a request. Lives for one request, and one access context. */
export function createDocumentLoader(clients: readonly RegionClient[], credentialsFor: CredentialsFor, context: AccessContext): DataLoader<string, DocumentOwner> {
  return new DataLoader(async (ids) => {
    const failures = new Map<string, RegionFailure>()
    const owners = new Map<string, string>()
    await Promise.all(
      clients.map(async (client) => {
        const { code } = client.region
        const outcome = await client.findDocuments(ids, await credentialsFor(code, context))
        if (outcome.status !== 'REPLIED') failures.set(code, outcome.status)
        else for (const { id, nhsNumber } of outcome.documents) if (nhsNumber !== null) owners.set(id, nhsNumber)
      }),
    )
    return ids.map((id) => ({ nhsNumber: owners.get(id) ?? null, failures }))
  })
}
