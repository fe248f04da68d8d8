/** Groups of SDS job roles, as consent.cedarschema names them. */
export type RoleGroup =
  | 'clinicians'
  | 'pharmacists'
  | 'social workers'
  | 'administrative'
  | 'students'
  | 'privacy'
  | 'other'

const roles: Readonly<Record<Exclude<RoleGroup, 'other'>, readonly string[]>> = {
  clinicians: ['R0050', 'R0260', 'R0620', 'R0680', 'R1070', 'R8000', 'R8001', 'R8003'],
  pharmacists: ['R1290'],
  'social workers': ['R1330', 'R8014'],
  administrative: ['R8006', 'R8008', 'R8010'],
  students: ['R8004'],
  privacy: ['R0001', 'R5105', 'R5100'],
}
const groups: ReadonlyMap<string, RoleGroup> = new Map(
  Object.entries(roles).flatMap(([group, codes]) => codes.map((code) => [code, group as RoleGroup] as const)),
)

/** Every SDS job role code that is in a group. */
export const roleCodes: readonly string[] = [...groups.keys()]

/** The group of an SDS job role code; `other` for one that is in none. */
export function toRoleGroup(roleCode: string): RoleGroup {
  return groups.get(roleCode) ?? 'other'
}
