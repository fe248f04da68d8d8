import type { AccessEvent } from '../../../gateway/audit/audit-event.ts'
import { findOrganisationRegions } from '../../../schema/organisations.ts'
import { accessEvent } from '../audit/access-event.ts'

/** One thing that a publisher sent to a region's store, the first of its name or a later version of it. */
export interface RawDocument {
  readonly atMs: number
  readonly region: string
  readonly name: string
  readonly version: number
  readonly organisation: string
  readonly type: string
  readonly lifecycle: 'current' | 'retracted'
  readonly replaces: string | null
}

/** What one gateway recorded in one go. */
export interface RawRecord {
  readonly atMs: number
  readonly writer: string
  readonly events: readonly AccessEvent[]
}

export interface RawYear {
  readonly documents: readonly RawDocument[]
  readonly records: readonly RawRecord[]
}

const regions = ['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA']
const organisations = ['REM', 'REM', 'REM', 'RXN', 'RXN', 'RX7', 'P81015', 'N84012', 'RBL', 'RW4', 'X99999']
const roles = ['R0050', 'R0050', 'R0260', 'R0260', 'R8000', 'R0690']
const outcomes = [
  ...new Array<readonly [AccessEvent['status'], string]>(12).fill(['ANSWERED', 'PERMITTED']),
  ['ANSWERED', 'OVERRIDDEN'],
  ['NOT_KNOWN', 'PERMITTED'],
  ['REFUSED', 'REFUSED_OPT_OUT'],
  ['PERMISSION_REQUIRED', 'PERMISSION_REQUIRED'],
  ['TIMED_OUT', 'UNDECIDED'],
] as const

/**
 * A made-up year before an instant: some tens of thousands of events, many of them just before and after midnight in
 * London, when weeks and months change.
 */
export function makeYear({
  untilMs,
  seed = 7,
  looks,
  documents,
}: {
  readonly untilMs: number
  readonly seed?: number
  readonly looks: number
  readonly documents: number
}): RawYear {
  const random = randomOf(seed)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T
  const dayMs = 86_400_000
  const instants = (count: number) =>
    Array.from({ length: count }, () => {
      const atMs = untilMs - Math.floor(random() * 400 * dayMs) - 1
      // A half lies within an hour and a half of a midnight in UTC, which is about London's.
      return random() < 0.5
        ? atMs
        : Math.min(untilMs - 1, Math.round(atMs / dayMs) * dayMs + Math.floor((random() - 0.5) * 3 * 3_600_000))
    }).sort((a, b) => a - b)

  const toEvents = (): AccessEvent[] => {
    const organisation = pick(organisations)
    const common = {
      requestId: `request-${random()}`,
      person: { id: `5550${Math.floor(random() * 1000)}`, name: null },
      role: { code: pick(roles), display: null },
      organisation: { odsCode: organisation, name: null, regions: [...findOrganisationRegions(organisation)] },
    }
    if (random() < 0.12)
      return [
        accessEvent({
          ...common,
          kind: 'DOCUMENT',
          documentId: 'd',
          region: pick(regions),
          status: random() < 0.9 ? 'ANSWERED' : 'UNREACHABLE',
        }),
      ]
    if (random() < 0.03)
      return [
        accessEvent({
          ...common,
          kind: 'BREAK_GLASS',
          region: pick(regions),
          status: random() < 0.7 ? 'DONE' : 'REFUSED',
        }),
      ]
    if (random() < 0.03) return [accessEvent({ ...common, kind: 'PRIVACY_QUERY', region: null, status: 'ANSWERED' })]
    const patients = random() < 0.1 ? ['9990000018', '9990000026', '9990000034'] : ['9990000018']
    return patients.flatMap((nhsNumber) =>
      regions.map((region) => {
        const [status, code] = pick(outcomes)
        const isCalled = status === 'ANSWERED' && random() < 0.6
        const decision = { code, rules: [], policyVersion: null }
        const withheld = status === 'ANSWERED' && random() < 0.1 ? ['DOCUMENTS'] : []
        return accessEvent({
          ...common,
          nhsNumber,
          region,
          status,
          decision,
          withheld,
          answeredFrom: isCalled ? 'REGION' : 'CACHE',
          latencyMs: isCalled ? 5 + random() * 200 : null,
        })
      }),
    )
  }
  const records = instants(looks / 3).map(
    (atMs): RawRecord => ({
      atMs,
      writer: pick(['gateway-1', 'gateway-2']),
      events: [toEvents(), toEvents(), toEvents()].flat(),
    }),
  )

  const published: RawDocument[] = []
  // Ten in a transaction, as a trust sends them.
  for (const atMs of instants(documents / 10).flatMap((one) => new Array<number>(10).fill(one))) {
    const region = pick(regions)
    const earlier =
      random() < 0.25 ? pick(published.filter((one) => one.region === region).concat(published.slice(0, 1))) : undefined
    const fresh = {
      name: `${published.length}`,
      version: 1,
      organisation: pick(organisations),
      type: pick(['373942005', '373942005', '736253002', '823691000000103']),
      lifecycle: 'current',
      replaces: null,
    } as const
    if (!earlier || earlier.region !== region) published.push({ atMs, region, ...fresh })
    else if (random() < 0.3) published.push({ atMs, region, ...fresh, replaces: earlier.name })
    // A later version may say another type; it was published as what it first was.
    else
      published.push({
        ...earlier,
        atMs,
        version: published.length + 1,
        type: '736253002',
        lifecycle: random() < 0.4 ? 'retracted' : 'current',
        replaces: null,
      })
  }
  return { documents: published, records }
}

/** The same numbers from 0 to 1 for the same seed. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
