import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import { extension } from './extension.ts'
import { code, list, string, uri } from './primitives.ts'

export const identifier = z.object(
  { use: code.optional(), system: uri.optional(), value: string.optional(), extension: list(extension) },
  'Identifier',
)
export type FhirIdentifier = z.infer<typeof identifier>

export const nhsNumberSystem = 'https://fhir.nhs.uk/Id/nhs-number'
export const odsCodeSystem = 'https://fhir.nhs.uk/Id/ods-organization-code'
/** The system of identifiers that are URIs (FHIR R4, identifier registry). */
const uriSystem = 'urn:ietf:rfc:3986'

/**
 * The business identifier of a resource: the first with system and value, else a fullUrl that is a urn:uuid or urn:oid,
 * else null.
 */
export function toBusinessIdentifier(
  identifiers: readonly FhirIdentifier[] | undefined,
  fullUrl: string | null,
): Region.Identifier | null {
  for (const one of identifiers ?? []) {
    const identifier = toIdentifier(one)
    if (identifier) return identifier
  }
  return fullUrl === null ? null : toUrnIdentifier(fullUrl)
}

/**
 * A urn:uuid or urn:oid as an identifier; in lower case, for a URN's is the same (RFC 8141, RFC 9562). Null for other
 * URLs.
 */
export function toUrnIdentifier(url: string): Region.Identifier | null {
  return /^urn:(uuid|oid):/i.test(url) ? { system: uriSystem, value: url.toLowerCase() } : null
}

/** Null where system or value is missing. */
export function toIdentifier({ system, value }: FhirIdentifier): Region.Identifier | null {
  return system !== undefined && value !== undefined ? { system, value } : null
}
