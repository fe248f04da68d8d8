import { readFileSync } from 'node:fs'

/** Reads the SDL of the patient view. Composing adds RegionCode and the regions' own types. */
export function readPublicSdl(): string {
  return read('patient-view.graphql')
}

/** Reads the SDL of the vocabulary that every region's store serves. */
export function readClinicalSdl(): string {
  return read('clinical.graphql')
}

/** Reads a region's whole SDL: the clinical vocabulary, its own root fields and its extensions. */
export function readRegionalSdl({ slug, sdl }: { readonly slug: string; readonly sdl?: string | undefined }): string {
  return `${readClinicalSdl()}\n${sdl === undefined ? read(`${slug}.graphql`) : readFileSync(sdl, 'utf8')}`
}

function read(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8')
}
