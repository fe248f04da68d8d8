import { readFileSync } from 'node:fs'
import { z } from 'zod'

const organisations = z.record(z.string(), z.strictObject({ name: z.string(), regions: z.array(z.string()) }))
const table = organisations.parse(JSON.parse(readFileSync(new URL('organisations.json', import.meta.url), 'utf8')))

/** The codes of the regions that an organisation belongs to; none when it is not in the table. */
export function findOrganisationRegions(odsCode: string): readonly string[] {
  return table[odsCode]?.regions ?? []
}

/** The name of an organisation of the table; null when it is not there. */
export function findOrganisationName(odsCode: string): string | null {
  return table[odsCode]?.name ?? null
}
