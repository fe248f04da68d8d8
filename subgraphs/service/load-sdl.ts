import { readFileSync } from 'node:fs'
import type { RegionConfiguration } from '../../schema/regions.ts'

/** A region's whole SDL: the clinical vocabulary and the region's own part. */
export function loadSdl({ slug }: RegionConfiguration): string {
  return ['clinical', slug].map((name) => readFileSync(new URL(`../../schema/${name}.graphql`, import.meta.url), 'utf8')).join('\n')
}
