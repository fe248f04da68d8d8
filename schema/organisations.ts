import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { loadJson } from './service/load-file.ts'
import { InvalidSetting } from './service/startup-error.ts'

const organisations = z.record(z.string(), z.strictObject({ name: z.string(), regions: z.array(z.string()) }))
const table = organisations.parse(JSON.parse(readFileSync(new URL('organisations.json', import.meta.url), 'utf8')))

/** Names of one region's organisations, by ODS code. */
const names = z.record(z.string().regex(/^[A-Z0-9]{3,10}$/, 'expected an ODS code in capitals'), z.string().min(1))
export type RegionOrganisations = Readonly<z.infer<typeof names>>

/** By RegionCode. A region's own file adds organisations to that region only. */
const added = new Map<string, RegionOrganisations>()

const expected = 'a file of organisations, as { "RTX": "Name" }'

/**
 * Adds the organisations of a region's own file in this process. Throws InvalidSetting if the file is no such table.
 */
export function addRegionOrganisations(region: string, file: string): void {
  const result = names.safeParse(loadJson(file, expected))
  if (!result.success) throw new InvalidSetting(expected, `${z.prettifyError(result.error)} in ${file}`)
  added.set(region, result.data)
}

/** Lists the added organisations by RegionCode, to pass to a new thread, which starts with the default table. */
export function listAddedOrganisations(): ReadonlyMap<string, RegionOrganisations> {
  return added
}

/** Adds in this thread what listAddedOrganisations returned in another. */
export function receiveAddedOrganisations(given: ReadonlyMap<string, RegionOrganisations>): void {
  for (const [region, one] of given) added.set(region, one)
}

/** Finds the codes of an organisation's regions; empty if no table lists it. */
export function findOrganisationRegions(odsCode: string): readonly string[] {
  const own = ownEntry(table, odsCode)?.regions ?? []
  const more = [...added].flatMap(([region, one]) =>
    ownEntry(one, odsCode) !== undefined && !own.includes(region) ? [region] : [],
  )
  return more.length === 0 ? own : [...own, ...more]
}

/** Finds an organisation's name; null if no table lists it. The default table's name wins. */
export function findOrganisationName(odsCode: string): string | null {
  const own = ownEntry(table, odsCode)?.name
  return own ?? [...added.values()].map((one) => ownEntry(one, odsCode)).find((name) => name !== undefined) ?? null
}

/** Reads own properties only, because a token or Bundle supplies the code and could name an inherited property. */
function ownEntry<Value>(entries: Readonly<Record<string, Value>>, odsCode: string): Value | undefined {
  return Object.hasOwn(entries, odsCode) ? entries[odsCode] : undefined
}
