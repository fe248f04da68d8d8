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
export function readRegionalSdl({ slug, sdl }: { readonly slug: string; readonly sdl?: string | undefined }): string {
  return `${readClinicalSdl()}\n${sdl === undefined ? read(`${slug}.graphql`) : readFileSync(sdl, 'utf8')}`
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}
