import DataLoader from 'dataloader'
import type { AccessContext } from '../../schema/assertion.ts'
import type { RegionClient, RegionCredentials } from './region-client.ts'
import type { RegionOutcome } from './region-reply.ts'
import type { ViewAsk } from './view-ask.ts'

/** One ask of one region. */
export interface RegionCall {
  readonly client: RegionClient
  readonly ask: ViewAsk
}

export type RegionLoader = DataLoader<RegionCall, RegionOutcome>

/**
 * Gathers what one GraphQL request asks of each region into one HTTP request per region, however many root fields ask. Asks that
 * state another access context travel apart, for the assertion states one. Lives for one request.
 */
export function createRegionLoader(credentialsFor: (region: string, context: AccessContext) => Promise<RegionCredentials>): RegionLoader {
  return new DataLoader(
    async (calls) => {
      const groups = new Map<string, RegionCall[]>()
      for (const call of calls) {
        const key = `${call.client.region.code} ${JSON.stringify(call.ask.context)}`
        groups.set(key, [...(groups.get(key) ?? []), call])
      }
      const outcomes = new Map<RegionCall, RegionOutcome>()
      await Promise.all(
        [...groups.values()].map(async (group) => {
          const [first] = group
          if (!first) return
          const credentials = await credentialsFor(first.client.region.code, first.ask.context)
          const answers = await first.client.ask(
            group.map(({ ask }) => ask),
            credentials,
          )
          group.forEach((call, index) => {
            const answer = answers[index]
            if (answer) outcomes.set(call, answer)
          })
        }),
      )
      return calls.map((call) => outcomes.get(call) ?? new Error('A region client answered fewer asks than it was given'))
    },
    { cache: false },
  )
}
