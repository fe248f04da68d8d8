import { z } from 'zod'
import { displayName, organisationCode, personId, purposeOfUse, roleCode } from '../claim-formats.ts'
import { toNhsNumber } from '../nhs-number.ts'
import { scopes } from '../scopes.ts'
import { loadJson } from '../service/load-file.ts'
import { InvalidSetting } from '../service/startup-error.ts'

const pointer = z
  .string('a JSON Pointer')
  .regex(/^(\/([^/~]|~[01])+)+$/, 'a JSON Pointer (RFC 6901), as /realm_access/roles')

/** Where a fact is found in the claims, and how the provider's value becomes ours. */
function sourceOf<Form extends z.ZodType<string>>(form: Form) {
  return z.strictObject({
    /** JSON Pointers. The first claim that is present counts, even if it is invalid. */
    claims: z.array(pointer).min(1),
    /** Keeps what follows the last of these characters: CIS2 writes S8000:G8000:R8000 for R8000. */
    lastAfter: z.string().length(1).optional(),
    /** The provider's values and ours. If given, other values are ignored. */
    values: z.record(z.string(), form).optional(),
  })
}

const claimTable = z.strictObject({
  person: z.strictObject({
    id: sourceOf(personId),
    name: sourceOf(displayName).optional(),
    /** The person's own NHS number. */
    nhsNumber: sourceOf(z.string().refine((text) => toNhsNumber(text) !== null)).optional(),
  }),
  /**
   * The list of held roles, and the claim that names the one in use. Pointers of `role` and `organisation` are relative
   * to its entry.
   */
  heldRoles: z.strictObject({ claim: pointer, id: pointer, selected: pointer }).optional(),
  role: z.strictObject({
    code: sourceOf(roleCode),
    name: sourceOf(displayName).optional(),
    areaOfWork: sourceOf(displayName).optional(),
  }),
  organisation: z.strictObject({ code: sourceOf(organisationCode), name: sourceOf(displayName).optional() }),
  purpose: sourceOf(purposeOfUse).optional(),
  /** All the claims count together. A provider's scope or role that `values` lacks gives no scope of ours. */
  scopes: z.strictObject({
    claims: z.array(pointer).min(1),
    values: z.record(z.string(), z.array(z.enum(scopes, `one of ${scopes.join(', ')}`))),
  }),
})

/** How an identity provider's claims describe a token's holder. */
export type ClaimTable = Readonly<z.infer<typeof claimTable>>
/** Where the claims state one fact. */
export type ClaimSource = NonNullable<ClaimTable['purpose']>
/** Where the claims list the person's roles. */
export type HeldRoles = NonNullable<ClaimTable['heldRoles']>

const expected = 'a table of claims, as schema/token-claims/cis2.json'

/** Loads a claim table from a JSON file. Throws InvalidSetting with the first fault: path, expected, found. */
export function loadClaimTable(file: URL | string = new URL('cis2.json', import.meta.url)): ClaimTable {
  const table = loadJson(file, expected)
  const result = claimTable.safeParse(table)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const path = issue?.path ?? []
  throw new InvalidSetting(
    `${expected}, with ${path.join('.') || 'its parts'}: ${issue?.message ?? 'as there'}`,
    `${printFound(table, path)} in ${String(file)}`,
  )
}

function printFound(table: unknown, path: readonly PropertyKey[]): string {
  const found = path.reduce<unknown>(
    (value, key) => (value === null || typeof value !== 'object' ? undefined : Reflect.get(value, key)),
    table,
  )
  return found === undefined ? 'nothing' : JSON.stringify(found).slice(0, 100)
}
