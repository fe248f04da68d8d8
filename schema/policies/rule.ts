/** The questions of consent.cedarschema. */
export const actions = ['Ask', 'Release', 'ReleaseItem', 'BreakGlass', 'RecordPermission'] as const
export type Action = (typeof actions)[number]

/** What a refusal can say, in the order of consent.md's steps: where several hold, the first is told. */
export const refusalCodes = [
  'REFUSED_PURPOSE',
  'REFUSED_AGREEMENT',
  'REFUSED_ROLE',
  'RELATIONSHIP_REQUIRED',
  'REFUSED_SELF',
  'NOT_KNOWN',
  'REFUSED_OPT_OUT',
  'PERMISSION_REQUIRED',
  'NO_BARRIER',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** One policy of a region, as loaded. */
export interface Rule {
  readonly id: string
  readonly effect: 'permit' | 'forbid'
  readonly actions: readonly Action[]
  /** In plain English. */
  readonly says: string
  /** Of a forbid that is not about items. */
  readonly code: RefusalCode | null
  /** Of a forbid about items: what may be told of it. */
  readonly disclosure: 'withheld' | 'nothing' | null
  /** Why it raises an alert; null: it does not. */
  readonly alert: string | null
  /** How long a grant or a permission is good for; null: it gives none. */
  readonly lastsMs: number | null
  /** Cedar. */
  readonly text: string
  /** File, as REGION/NAME.cedar, and line of its first annotation. */
  readonly file: string
  readonly line: number
}
