import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { loadJson } from './service/load-file.ts'
import { InvalidSetting } from './service/startup-error.ts'

const organisations = z.record(z.string(), z.strictObject({ name: z.string(), regions: z.array(z.string()) }))
const table = organisations.parse(JSON.parse(readFileSync(new URL('organisations.json', import.meta.url), 'utf8')))

/** By ODS code, the names of organisations that belong to one region. */
const names = z.record(z.string().regex(/^[A-Z0-9]{3,10}$/, 'expected an ODS code in capitals'), z.string().min(1))
export type RegionOrganisations = Readonly<z.infer<typeof names>>

/** By RegionCode. A region's file can add to that region alone, so it gives nobody a place in another region. */
const added = new Map<string, RegionOrganisations>()

const expected = 'a file of organisations, as { "RTX": "Name" }'

/** Makes the organisations of a region's own file known to this process. Throws InvalidSetting where the file is no such table. */
export function addRegionOrganisations(region: string, file: string): void {
  const result = names.safeParse(loadJson(file, expected))
  if (!result.success) throw new InvalidSetting(expected, `${z.prettifyError(result.error)} in ${file}`)
  added.set(region, result.data)
}

/** The organisations that regions added, by RegionCode, to give to a thread, which begins with the default table. */
export function listAddedOrganisations(): ReadonlyMap<string, RegionOrganisations> {
  return added
}

/** Makes what listAddedOrganisations gave known in another thread. */
export function receiveAddedOrganisations(given: ReadonlyMap<string, RegionOrganisations>): void {
  for (const [region, one] of given) added.set(region, one)
}

/** The codes of the regions that an organisation belongs to; none when it is in no table. */
export function findOrganisationRegions(odsCode: string): readonly string[] {
  const own = ownEntry(table, odsCode)?.regions ?? []
  const more = [...added].flatMap(([region, one]) =>
    ownEntry(one, odsCode) !== undefined && !own.includes(region) ? [region] : [],
  )
  return more.length === 0 ? own : [...own, ...more]
}

/** The name of an organisation; null when it is in no table. The default table's name wins. */
export function findOrganisationName(odsCode: string): string | null {
  const own = ownEntry(table, odsCode)?.name
  return own ?? [...added.values()].map((one) => ownEntry(one, odsCode)).find((name) => name !== undefined) ?? null
}

/** An ODS code comes from a token or a Bundle: it must not read what every object inherits. */
function ownEntry<Value>(entries: Readonly<Record<string, Value>>, odsCode: string): Value | undefined {
  return Object.hasOwn(entries, odsCode) ? entries[odsCode] : undefined
}
