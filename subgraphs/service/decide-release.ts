import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import type * as Region from '../../schema/generated/region.ts'
import { isClinician } from '../../schema/roles.ts'
import { type PatientRow, toSource } from '../store/record-store.ts'

export interface ReleaseQuestion {
  readonly viewer: Pick<TokenHolder, 'role' | 'purpose'>
  readonly access: Pick<AccessContext, 'purpose'>
  /** Null before the patient is read, and where there is none: the answer is then that of the access rules alone. */
  readonly patient: Pick<PatientRow, 'verification' | 'optOuts'> | null
}

/** Which items of a released record are kept back. */
export interface ItemRules {
  /** Items with these labels are left out without a word. */
  readonly silentLabels: readonly string[]
  /** Items with these labels are left out, and that something was is told. */
  readonly toldLabels: readonly string[]
  /** Items from these sources (see toSource) likewise. */
  readonly toldSources: readonly string[]
}

export interface Release {
  readonly decision: Region.ReleaseDecision
  /** Null: no record is shown. Where the decision permits, as if there were none. */
  readonly items: ItemRules | null
}

/**
 * The interim rules, the same for both regions until the consent issue brings each its own: direct care by clinicians; the patient's
 * opt-outs; only verified numbers; sealed items silently and very restricted ones (V) not.
 */
export function decideRelease({ viewer, access, patient }: ReleaseQuestion): Release {
  // A token may be limited to a purpose; what the gateway states cannot widen it.
  if (access.purpose !== 'DIRECT_CARE' || (viewer.purpose ?? 'DIRECT_CARE') !== 'DIRECT_CARE') return refuse('REFUSED_PURPOSE', 'interim-direct-care-by-clinicians')
  if (!isClinician(viewer.role.code)) return refuse('REFUSED_ROLE', 'interim-direct-care-by-clinicians')
  if (patient?.verification !== '01') return permit(null)
  if (patient.optOuts.some((optOut) => optOut.organisation === null)) return refuse('REFUSED_OPT_OUT', 'interim-opt-out')
  const toldSources = patient.optOuts.map(({ organisation }) => (organisation === null ? '' : toSource(organisation)))
  return permit({ silentLabels: ['SEALED'], toldLabels: ['V'], toldSources })
}

const policyVersion = 'interim-1'

function permit(items: ItemRules | null): Release {
  return { decision: { code: 'PERMITTED', rules: ['interim-direct-care-by-clinicians'], policyVersion }, items }
}

function refuse(code: Region.ReleaseCode, rule: string): Release {
  return { decision: { code, rules: [rule], policyVersion }, items: null }
}
