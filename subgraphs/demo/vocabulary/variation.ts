import { hl7 } from './concept.ts'
import type { Item, Resource } from './resource.ts'

/** The items as a feed sends them that gives each an identifier of its own. */
export function reminted(...items: readonly Item[]): readonly Item[] {
  return items.map((item) => (context) => item({ ...context, salt: 're-minted' }))
}

/** The item, taken back as entered in error so many days before the build. */
export function retracted(item: Item, daysAgo: number): Item {
  return (context) =>
    item(context).map((resource) => ({
      ...resource,
      ...enteredInError(resource),
      meta: { ...asObject(resource.meta), lastUpdated: context.calendar.toInstant(daysAgo) },
    }))
}

/** Sensitivity labels of FHIR's v3-ActCode: sexual health, psychiatry, domestic violence, substance use, ... */
export type SensitivityCode = 'SEX' | 'STD' | 'HIV' | 'PSY' | 'SUD' | 'SDV' | 'ETH'

/** The item with labels that say why it is sensitive. */
export function sensitive(item: Item, ...codes: readonly SensitivityCode[]): Item {
  return labelled(item, 'http://terminology.hl7.org/CodeSystem/v3-ActCode', codes)
}

/** The item with a confidentiality other than normal: restricted or very restricted. */
export function confidential(item: Item, code: 'R' | 'V'): Item {
  return labelled(item, 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', [code])
}

/** The item as one that never leaves its source: v3-ActCode NODSCLCD, no disclosure without the patient's consent. */
export function sealed(item: Item): Item {
  return labelled(item, 'http://terminology.hl7.org/CodeSystem/v3-ActCode', ['NODSCLCD'])
}

function labelled(item: Item, system: string, codes: readonly string[]): Item {
  return (context) =>
    item(context).map((resource) => {
      const meta = asObject(resource.meta)
      const security = Array.isArray(meta.security) ? meta.security : []
      return { ...resource, meta: { ...meta, security: [...security, ...codes.map((code) => ({ system, code }))] } }
    })
}

/** FHIR keeps an item's life under different names by type. */
function enteredInError(resource: Resource): Readonly<Record<string, unknown>> {
  switch (resource.resourceType) {
    case 'AllergyIntolerance':
      return {
        clinicalStatus: undefined,
        verificationStatus: hl7('allergyintolerance-verification', 'entered-in-error'),
      }
    case 'Condition':
      return { clinicalStatus: undefined, verificationStatus: hl7('condition-ver-status', 'entered-in-error') }
    default:
      // What an item refers to, an author or the bytes, has no status and stands.
      return resource.status === undefined ? {} : { status: 'entered-in-error' }
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
