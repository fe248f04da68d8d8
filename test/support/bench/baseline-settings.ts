import { toBearerToken } from '../../../schema/access-token.ts'
import { assertionHeader, signAssertion } from '../../../schema/assertion.ts'
import { loadPrivateKey } from '../../../schema/private-key.ts'
import { loadRegions, type RegionConfiguration } from '../../../schema/regions.ts'
import { createTimedMemo } from '../../../schema/timed-memo.ts'

/** What a baseline in the gateway's place needs to be let in by the stores. */
export interface BaselineSettings {
  readonly port: number
  readonly regions: readonly RegionConfiguration[]
  /**
   * The headers of a request to a region for the sender of a request: their token as it came, unverified, and our
   * assertion.
   */
  headersFor(
    region: RegionConfiguration,
    authorization: string | null | undefined,
  ): Promise<Readonly<Record<string, string>>>
}

const context = { purpose: 'DIRECT_CARE', relationship: null, reason: null, supervisor: null } as const
const lifeMs = 60_000

export async function loadBaselineSettings({
  PORT,
  REGIONS,
  GATEWAY_KEY = '',
}: NodeJS.ProcessEnv): Promise<BaselineSettings> {
  const key = await loadPrivateKey(GATEWAY_KEY)
  const remember = createTimedMemo<string>({ maxEntries: 100, now: Date.now })
  return {
    port: Number(PORT),
    regions: loadRegions(REGIONS),
    async headersFor({ code }, authorization) {
      const token = toBearerToken(authorization)
      const assertion = await remember(`${code} ${token}`, async () => {
        const expiresAtMs = Date.now() + lifeMs
        return {
          value: await signAssertion({ ...key, region: code, token, context, expiresAtMs }),
          untilMs: expiresAtMs - lifeMs / 2,
        }
      })
      return {
        'content-type': 'application/json',
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        [assertionHeader]: assertion,
      }
    },
  }
}
