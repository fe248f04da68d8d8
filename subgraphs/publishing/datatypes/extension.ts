import { z } from 'zod'
import { codeableConcept, toCodes } from './concept.ts'
import { code, dateTime, list, uri } from './primitives.ts'

const value = {
  url: uri,
  valueCode: code.optional(),
  valueDateTime: dateTime.optional(),
  valueCodeableConcept: codeableConcept.optional(),
}

/** The parts of an Extension that some mapper reads. */
export const extension = z.object({ ...value, extension: list(z.object({ url: uri }, 'Extension')) }, 'Extension')
export type Extension = z.infer<typeof extension>

/**
 * The first extension whose URL's last part contains the name; UK Core and its forerunners prefix and number the same
 * names.
 */
export function findExtension(extensions: readonly Extension[] | undefined, name: string): Extension | undefined {
  return extensions?.find((one) => one.url.slice(one.url.lastIndexOf('/') + 1).includes(name))
}

/** The code that an extension carries, as valueCode or valueCodeableConcept. */
export function toExtensionCode(extension: Extension | undefined): string | undefined {
  return extension?.valueCode ?? toCodes(extension?.valueCodeableConcept)[0]
}
