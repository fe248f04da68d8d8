import { writeFileSync } from 'node:fs'
import { buildSchema, printSchema } from 'graphql'
import { loadRegions } from '../../schema/regions.ts'
import { readPublicSdl, readRegionalSdl } from '../../schema/sdl.ts'
import { composeSchema } from './compose-schema.ts'

/** Prints the composed schema of the default regions, which is checked in as schema/composed.graphql. */
export function printComposedSchema(): string {
  const regions = loadRegions()
  const regionalSchemas = new Map(regions.map((region) => [region.code, buildSchema(readRegionalSdl(region))]))
  const schema = composeSchema({ regions, publicSdl: readPublicSdl(), regionalSchemas, resolvers: [] })
  return `# Composed by \`npm run generate\` from the patient view and the default regions; do not edit.\n${printSchema(schema)}\n`
}

if (import.meta.main) writeFileSync(new URL('../../schema/composed.graphql', import.meta.url), printComposedSchema())
