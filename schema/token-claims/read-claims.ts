import type { JWTPayload } from 'jose'
import type { z } from 'zod'
import { displayName, organisationCode, personId, purposeOfUse, roleCode, scopeToken } from '../claim-formats.ts'
import { toNhsNumber } from '../nhs-number.ts'
import { invalidClaim, missingClaim, type Rejection, TokenRejected } from '../token-rejection.ts'
import type { ClaimSource, ClaimTable, HeldRoles } from './claim-table.ts'

/** The holder that a token's claims describe, in our terms. */
export interface TokenIdentity {
  readonly id: string
  readonly name: string | null
  readonly role: { readonly code: string; readonly display: string | null }
  readonly areaOfWork: string | null
  readonly nhsNumber: string | null
  readonly organisation: { readonly odsCode: string; readonly name: string | null }
  readonly purpose: string | null
  readonly scopes: readonly string[]
}

/** Reads a verified token's claims by a table. Throws TokenRejected, which names the claim and never its value. */
export function readClaims(table: ClaimTable, payload: JWTPayload): TokenIdentity {
  const claims: Claim = { name: '', value: payload }
  const held = table.heldRoles ? selectRole(table.heldRoles, claims) : claims
  return {
    id: readRequired(table.person.id, claims, personId),
    name: readOptional(table.person.name, claims, displayName),
    role: {
      code: readRequired(table.role.code, held, roleCode),
      display: readOptional(table.role.name, held, displayName),
    },
    areaOfWork: readAreaOfWork(table.role.areaOfWork, held),
    nhsNumber: readNhsNumber(table.person.nhsNumber, claims),
    organisation: {
      odsCode: readRequired(table.organisation.code, held, organisationCode),
      name: readOptional(table.organisation.name, held, displayName),
    },
    purpose: readOptional(table.purpose, claims, purposeOfUse),
    scopes: readScopes(table.scopes, claims),
  }
}

/** A value in the claims, and its JSON Pointer. */
interface Claim {
  readonly name: string
  readonly value: unknown
}

/** Finds the role in use: the one that the token selects; without that claim, the only one. */
function selectRole({ claim, id, selected }: HeldRoles, claims: Claim): Claim {
  const list = findClaim([claim], claims)
  if (!list) throw reject(missingClaim(nameOf(claim, claims)))
  if (!Array.isArray(list.value) || list.value.length === 0) throw reject(invalidClaim(list.name))
  const entries = list.value.map((value: unknown, index): Claim => ({ name: `${list.name}.${index}`, value }))
  const choice = readOptional({ claims: [selected] }, claims, personId)
  const chosen = choice === null ? entries : entries.filter((entry) => findClaim([id], entry)?.value === choice)
  const [only, ...others] = chosen
  if (!only || others.length > 0)
    throw reject({ reason: 'CLAIM_INVALID', text: `the claim ${nameOf(selected, claims)} is not one of ${list.name}` })
  return only
}

function readRequired(source: ClaimSource, within: Claim, form: z.ZodType<string>): string {
  const value = readOptional(source, within, form)
  if (value === null) throw reject(missingClaim(nameOf(source.claims[0] ?? '', within)))
  return value
}

/**
 * Reads one text of the right form; null if no claim is present. Several values reject the token, because it is unclear
 * which is meant.
 */
function readOptional(source: ClaimSource | undefined, within: Claim, form: z.ZodType<string>): string | null {
  const found = source && readTexts(source, within)
  if (!found) return null
  const [text, ...others] = found.texts
  const read = form.safeParse(text)
  if (others.length > 0 || !read.success) throw reject(invalidClaim(found.name))
  return read.data
}

function readNhsNumber(source: ClaimSource | undefined, within: Claim): string | null {
  const found = source && readTexts(source, within)
  if (!found) return null
  // An unreadable number rejects the token, because nothing else shows that viewer and patient are the same person.
  const number = found.texts.length === 1 ? toNhsNumber(found.texts[0] ?? '') : null
  if (number === null) throw reject(invalidClaim(found.name))
  return number
}

/** Several areas count as unknown, because none is known to be the current one. */
function readAreaOfWork(source: ClaimSource | undefined, within: Claim): string | null {
  const found = source && readTexts(source, within)
  if (!found) return null
  if (found.texts.some((text) => text !== '' && !displayName.safeParse(text).success))
    throw reject(invalidClaim(found.name))
  const [area, ...others] = new Set(found.texts.map(toCode))
  return area && others.length === 0 ? area : null
}

/** Converts a name to the form in policies: "Genito-urinary Medicine" becomes GENITOURINARY_MEDICINE. */
function toCode(name: string): string {
  return name.replace(/["-]/g, '').trim().replace(/\W+/g, '_').toUpperCase()
}

/** Reads our scopes, in the token's order. */
function readScopes({ claims, values }: ClaimTable['scopes'], within: Claim): readonly string[] {
  const granted = claims.flatMap((claim) =>
    readScopeWords(claim, within).flatMap((word) => (Object.hasOwn(values, word) ? (values[word] ?? []) : [])),
  )
  return [...new Set(granted)]
}

/**
 * A text lists scopes between spaces (RFC 6749, section 3.3); Keycloak writes an empty one for none. An array has one
 * scope or role in each element.
 */
function readScopeWords(pointer: string, within: Claim): readonly string[] {
  const claim = findClaim([pointer], within)
  if (!claim) return []
  if (typeof claim.value !== 'string') return toTexts(claim)
  const words = claim.value.split(' ').filter(Boolean)
  const isBlank = claim.value !== '' && words.length === 0
  if (isBlank || words.some((word) => !scopeToken.safeParse(word).success)) throw reject(invalidClaim(claim.name))
  return words
}

/** Reads the distinct values of the first claim that is present, converted to ours; null if none is present. */
function readTexts(
  { claims, lastAfter, values }: ClaimSource,
  within: Claim,
): { readonly name: string; readonly texts: readonly string[] } | null {
  const claim = findClaim(claims, within)
  if (!claim) return null
  const texts = toTexts(claim).map((text) =>
    lastAfter === undefined ? text : text.slice(text.lastIndexOf(lastAfter) + 1),
  )
  const ours = values ? texts.flatMap((text) => (Object.hasOwn(values, text) ? [values[text] ?? ''] : [])) : texts
  return { name: claim.name, texts: [...new Set(ours)] }
}

function toTexts({ name, value }: Claim): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.map((one, index) => {
    if (typeof one !== 'string') throw reject(invalidClaim(Array.isArray(value) ? `${name}.${index}` : name))
    return one
  })
}

/** Finds the first of some claims that is present. */
function findClaim(pointers: readonly string[], within: Claim): Claim | null {
  for (const pointer of pointers) {
    const value = toPath(pointer).reduce(getMember, within.value)
    if (value !== undefined) return { name: nameOf(pointer, within), value }
  }
  return null
}

function nameOf(pointer: string, { name }: Claim): string {
  return [...(name === '' ? [] : [name]), ...toPath(pointer)].join('.')
}

/** Parses a JSON Pointer (RFC 6901, section 4) into its reference tokens. */
function toPath(pointer: string): readonly string[] {
  const names = pointer.slice(1).split('/')
  return names.map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function getMember(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined
}

function reject({ text, reason }: Rejection): TokenRejected {
  return new TokenRejected(text, { reason })
}
