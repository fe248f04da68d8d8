import { z } from 'zod'

// Limits of what a token may state. These texts reach the audit trail, its FHIR export, pages and policies, which
// cannot refuse them.

/** A person's id: visible ASCII of at most 255 characters, the limit of `sub` in OpenID Connect Core 1.0, section 2. */
export const personId = z.string().regex(/^[\x21-\x7e]{1,255}$/, 'the id of a person')

/** An SDS job role code, such as R0260, or a code of the same form. FHIR R4 `code` allows no spaces at its ends. */
export const roleCode = z.string().regex(/^[\w.-]{1,64}$/, 'a role code')

/** An ODS code: letters and digits, converted to capitals (toOdsCode). The longest in use has ten characters. */
export const organisationCode = z
  .string()
  .regex(/^[A-Za-z0-9]{1,16}$/, 'an ODS code')
  .toUpperCase()

/** A purpose of use: a code, such as DIRECT_CARE, or a URI. */
export const purposeOfUse = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'a purpose of use')

/** An OAuth 2.0 scope (scope-token of RFC 6749, section 3.3). */
export const scopeToken = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/)

/**
 * A name to show: at most 256 characters, more than twice the 100 of ODS, with a letter or digit among them. Controls,
 * line separators and bidirectional overrides are refused, because they change how the line around a name is read (UTS
 * #36, section 2.5).
 */
export const displayName = z
  .string()
  .max(256)
  .regex(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]*$/u)
  .regex(/[\p{L}\p{N}]/u)
