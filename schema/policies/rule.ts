/** The actions of consent.cedarschema. */
export const actions = ['Ask', 'Release', 'ReleaseItem', 'BreakGlass', 'RecordPermission'] as const
export type Action = (typeof actions)[number]

/** Codes of refusals, in the order of the steps (README.md). Where several hold, the first is disclosed. */
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
  /** @says: the rule in plain English. */
  readonly says: string
  /** @code, on a forbid of any action but ReleaseItem. */
  readonly code: RefusalCode | null
  /** @tells, on a forbid of ReleaseItem: whether the viewer learns that something is withheld. */
  readonly disclosure: 'withheld' | 'nothing' | null
  /** @alert: why the rule raises an alert; null if it raises none. */
  readonly alert: string | null
  /** @lasts, in milliseconds: the lifetime of the grant or permission; null if the rule gives none. */
  readonly lastsMs: number | null
  /** The policy's Cedar text. */
  readonly text: string
  /** File, as REGION/NAME.cedar, and the line of its first annotation, from 1. */
  readonly file: string
  readonly line: number
}
