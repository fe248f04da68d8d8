import type { PublicationFault } from '../store/record-store.ts'

/** Where a fault is, as a FHIRPath from the Bundle: `Bundle.entry[17].resource.clinicalStatus`. A path that begins at the Bundle is kept. */
export function toExpression({ entry, path }: Pick<PublicationFault, 'entry' | 'path'>): string {
  if (/^Bundle\b/.test(path)) return path
  if (entry < 0) return 'Bundle'
  // FHIRPath may begin with the resource's type; inside a Bundle the entry stands for it.
  const element = path.replace(/^[A-Z][A-Za-z]*(\.|$)/, '')
  return `Bundle.entry[${entry}].resource${element === '' ? '' : `.${element}`}`
}
