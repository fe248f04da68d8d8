import { expect, vi } from 'vitest'
import { type System, type SystemOptions, startSystem } from '../system.ts'

/** What a view says of one region: where its answer comes from, and what was decided. */
export interface CachedRegion {
  readonly status: string
  readonly asOf: string | null
  readonly fromCache: boolean
  readonly latencyMs: number | null
  readonly decision: { readonly code: string; readonly grant: string | null } | null
}

export interface CachedView {
  /** e-Xchange, then LPRES. */
  readonly regions: readonly CachedRegion[]
  /** What its allergies are to. */
  readonly allergies: readonly string[]
  readonly text: string
}

export interface CachedViewQuery {
  /** @default a patient of both regions */
  readonly nhsNumber?: string
  readonly access?: Readonly<Record<string, string>>
  readonly noCache?: boolean
  readonly token?: string
}

/** A patient of both regions, whom the default viewer may see in both. */
export const patient = '9990000018'

/** The system with its cache, once both regions' changes are heard. */
export async function startCachingSystem(options: SystemOptions = {}): Promise<System> {
  const system = await startSystem({ people: true, cache: true, ...options })
  await untilFeedsAre(system, [true, true])
  return system
}

/** Resolves when the gateway hears these regions, and only these. */
export async function untilFeedsAre(system: System, connected: readonly boolean[]): Promise<void> {
  await vi.waitFor(async () => {
    const { data } = await system.query('{ regions { health { feedConnected } } }')
    expect(data.regions.map(({ health }: { health: { feedConnected: boolean } }) => health.feedConnected)).toEqual(
      connected,
    )
  }, 10_000)
}

/** What `look` sends. */
export const viewQuery = `query Look($n: NHSNumber!, $access: AccessContext, $noCache: Boolean) { patient(nhsNumber: $n, access: $access, noCache: $noCache) {
  completeness { regions { status asOf fromCache latencyMs decision { code grant } } } allergies { nodes { substance { text } } } } }`

export async function readView(
  system: Pick<System, 'query'>,
  { nhsNumber = patient, access, noCache = false, token }: CachedViewQuery = {},
): Promise<CachedView> {
  const { data, errors, text } = await system.query(viewQuery, { n: nhsNumber, access, noCache }, token)
  expect(errors).toEqual([])
  const { completeness, allergies } = data.patient
  return {
    regions: completeness.regions,
    allergies: allergies.nodes.map(({ substance }: { substance: { text: string } }) => substance.text),
    text,
  }
}

/** For each region, whether it is an answer out of the cache. */
export function isFromCache({ regions }: CachedView): readonly boolean[] {
  return regions.map((region) => region.fromCache)
}

/** How many requests each region has had since. */
export function countRequests(system: System): () => readonly number[] {
  const before = Object.values(system.requests())
  return () => Object.values(system.requests()).map((count, index) => count - (before[index] ?? 0))
}
