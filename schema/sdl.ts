import { readFileSync } from 'node:fs'

/** The SDL of the patient view; RegionCode and the regions' own types are added when the schema is composed. */
export function readPublicSdl(): string {
  return read('patient-view.graphql')
}

/** The vocabulary that every region's record store serves. */
export function readClinicalSdl(): string {
  return read('clinical.graphql')
}

/** A region's whole SDL: the clinical vocabulary, and its own root fields and extensions. */
export function readRegionalSdl({ slug }: { readonly slug: string }): string {
  return `${readClinicalSdl()}\n${read(`${slug}.graphql`)}`
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}
