import type { RecordStore } from '../../subgraphs/store/record-store.ts'

export interface GrantAccessOptions {
  /** ODS code. @default REM, of the tests' viewer */
  readonly organisation?: string
  readonly now?: () => number
}

const dayMs = 86_400_000
const by = { publisher: 'REM', actsFor: [], via: 'demo', person: null, requestId: 'acquaint' } as const

/**
 * The store, whose patients from now on are referred to the viewer's organisation and permit it to view when they are
 * published.
 */
export function grantAccess(
  store: RecordStore,
  { organisation = 'REM', now = Date.now }: GrantAccessOptions = {},
): RecordStore {
  const introduce = async (nhsNumber: string) => {
    const referral = {
      entry: 0,
      nhsNumber,
      identifier: null,
      resourceId: `referral-${nhsNumber}`,
      lastUpdated: null,
      active: true,
      organisation,
      authoredOn: new Date(now()).toISOString(),
    }
    await store.publish([{ by, patients: [], items: [], optOuts: [], referrals: [referral], contents: [] }])
    await store.recordPermission({
      id: `permission-${nhsNumber}`,
      nhsNumber,
      organisation,
      person: '555036632103',
      basis: 'CARE_EPISODE_24_HOURS',
      untilMs: now() + dayMs,
    })
  }
  const introduced = new Set<string>()
  return {
    ...store,
    async publish(publications) {
      const outcomes = await store.publish(publications)
      const stored = publications.filter((_, index) => outcomes[index]?.status === 'stored')
      for (const { nhsNumber } of stored.flatMap(({ patients, items, optOuts }) => [
        ...patients,
        ...items,
        ...optOuts,
      ])) {
        if (introduced.has(nhsNumber)) continue
        introduced.add(nhsNumber)
        await introduce(nhsNumber)
      }
      return outcomes
    },
  }
}
