import { z } from 'zod'
import { displayName, organisationCode, personId, purposeOfUse, roleCode } from '../claim-formats.ts'
import { toNhsNumber } from '../nhs-number.ts'
import { scopes } from '../scopes.ts'
import { loadJson } from '../service/load-file.ts'
import { InvalidSetting } from '../service/startup-error.ts'

const pointer = z
  .string('a JSON Pointer')
  .regex(/^(\/([^/~]|~[01])+)+$/, 'a JSON Pointer (RFC 6901), as /realm_access/roles')

/** Where a fact is found, and how the provider's word for it becomes ours. */
function sourceOf<Form extends z.ZodType<string>>(form: Form) {
  return z.strictObject({
    /** The first claim that is present counts, even where it is unfit. */
    claims: z.array(pointer).min(1),
    /** Keeps what follows the last of these characters: CIS2 writes S8000:G8000:R8000 for R8000. */
    lastAfter: z.string().length(1).optional(),
    /** The provider's words and ours. Where this is given, other words do not count. */
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
  /** A list of the roles that the person holds, and the claim that names the one in use. Pointers of `role` and `organisation` then start at its entry. */
  heldRoles: z.strictObject({ claim: pointer, id: pointer, selected: pointer }).optional(),
  role: z.strictObject({
    code: sourceOf(roleCode),
    name: sourceOf(displayName).optional(),
    areaOfWork: sourceOf(displayName).optional(),
  }),
  organisation: z.strictObject({ code: sourceOf(organisationCode), name: sourceOf(displayName).optional() }),
  purpose: sourceOf(purposeOfUse).optional(),
  /** All the claims count together. A provider's scope or role that `values` does not list gives nothing. */
  scopes: z.strictObject({
    claims: z.array(pointer).min(1),
    values: z.record(z.string(), z.array(z.enum(scopes, `one of ${scopes.join(', ')}`))),
  }),
})

/** How an identity provider's claims become the holder of a token. */
export type ClaimTable = Readonly<z.infer<typeof claimTable>>
/** Where one fact is found in the claims. */
export type ClaimSource = NonNullable<ClaimTable['purpose']>
/** Where the person's roles are listed. */
export type HeldRoles = NonNullable<ClaimTable['heldRoles']>

const expected = 'a table of claims, as schema/token-claims/cis2.json'

/** The table of claims in a JSON file. Throws InvalidSetting, which names the first fault: where it is, what was expected and what was found. */
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
