import { expect, vi } from 'vitest'
import { type System, type SystemOptions, startSystem } from '../../support/system.ts'

/** What a view says of one region: where its answer comes from, and what was decided. */
export interface RegionLook {
  readonly status: string
  readonly asOf: string | null
  readonly fromCache: boolean
  readonly latencyMs: number | null
  readonly decision: { readonly code: string; readonly grant: string | null } | null
}

export interface Look {
  /** e-Xchange, then LPRES. */
  readonly regions: readonly RegionLook[]
  /** What its allergies are to. */
  readonly allergies: readonly string[]
  readonly text: string
}

export interface Asking {
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
  await hears(system, [true, true])
  return system
}

/** Resolves when the gateway hears these regions, and only these. */
export async function hears(system: System, connected: readonly boolean[]): Promise<void> {
  await vi.waitFor(async () => {
    const { data } = await system.query('{ regions { health { feedConnected } } }')
    expect(data.regions.map(({ health }: { health: { feedConnected: boolean } }) => health.feedConnected)).toEqual(connected)
  }, 10_000)
}

/** What `look` sends. */
export const lookQuery = `query Look($n: NHSNumber!, $access: AccessContext, $noCache: Boolean) { patient(nhsNumber: $n, access: $access, noCache: $noCache) {
  completeness { regions { status asOf fromCache latencyMs decision { code grant } } } allergies { nodes { substance { text } } } } }`

export async function look(system: Pick<System, 'query'>, { nhsNumber = patient, access, noCache = false, token }: Asking = {}): Promise<Look> {
  const { data, errors, text } = await system.query(lookQuery, { n: nhsNumber, access, noCache }, token)
  expect(errors).toEqual([])
  const { completeness, allergies } = data.patient
  return { regions: completeness.regions, allergies: allergies.nodes.map(({ substance }: { substance: { text: string } }) => substance.text), text }
}

/** For each region, whether it is an answer out of the cache. */
export function fromCache({ regions }: Look): readonly boolean[] {
  return regions.map((region) => region.fromCache)
}

/** How many requests each region has had since. */
export function counting(system: System): () => readonly number[] {
  const before = Object.values(system.requests())
  return () => Object.values(system.requests()).map((count, index) => count - (before[index] ?? 0))
}
