import { toAccessRequest, toItemRequests } from './cedar-request.ts'
import { decideBreakGlass, decidePermission, notGranted } from './decide-grant.ts'
import { decideRecord } from './decide-record.ts'
import { toRefusedReleaseDecision, toReleaseDecision } from './decide-release.ts'
import type { Decision, GrantDecision, ItemDecision, ReleaseDecision } from './decision.ts'
import type { AccessFacts, Barrier, OverrideReason, PermissionBasis, ReleaseClass, ReleaseFacts } from './facts.ts'
import type { PolicySettings } from './policy-settings.ts'
import type { Rule } from './rule.ts'
import type { RuleEvaluator } from './rule-evaluator.ts'
import { toDisclosedConsentDenial, toDisclosedPermit, toExplanation, toRuleIds, type Verdict } from './verdict.ts'

/** A region's consent rules, ready to decide. Denial is the default, also where a rule errs or a fact is missing. */
export interface Policies {
  readonly slug: string
  /** Hash of every text that decides: schema, rules and settings. */
  readonly version: string
  readonly rules: readonly Rule[]
  readonly settings: PolicySettings
  /** Decides steps 2 to 4: whether this viewer may ask this region. */
  decideAccess(facts: AccessFacts): Decision
  /** Decides steps 2 to 9: whether this patient's record is released to this viewer. */
  decideRelease(facts: ReleaseFacts): ReleaseDecision
  /** Decides step 10 for each release class, in their order. Where no record is released, all are hidden. */
  decideItems(facts: ReleaseFacts, kinds: readonly ReleaseClass[]): readonly ItemDecision[]
  /** Decides whether this viewer gets a grant for this barrier. */
  decideBreakGlass(facts: ReleaseFacts, barrier: Barrier, reason: OverrideReason): GrantDecision
  /** Decides whether this viewer may record the patient's permission for its organisation. */
  decidePermission(facts: ReleaseFacts, basis: PermissionBasis): GrantDecision
}

export interface PoliciesOptions extends Pick<Policies, 'slug' | 'version' | 'rules' | 'settings'> {
  readonly evaluate: RuleEvaluator
}

/**
 * Evaluates a region's rules in the order of deciding (schema/policies/README.md). The order is the same for all
 * regions.
 */
export function createPolicies({ evaluate, ...own }: PoliciesOptions): Policies {
  const policyVersion = own.version
  const options = { evaluate, policyVersion, listMs: own.settings.cache.listsSeconds * 1000 }

  const decideAccess = (facts: AccessFacts): Decision => {
    const verdict = evaluate(toAccessRequest(facts))
    return {
      ...(verdict.outcome === 'permit' ? toDisclosedPermit(verdict.rules) : toDisclosedConsentDenial(verdict)),
      policyVersion,
    }
  }
  const decideGrant = (facts: ReleaseFacts, decide: () => Omit<GrantDecision, 'policyVersion'>): GrantDecision => {
    const access = decideAccess(facts)
    return access.code === 'PERMITTED' ? { ...decide(), policyVersion } : { ...access, ...notGranted }
  }

  return {
    ...own,
    decideAccess,
    decideRelease: (facts) => {
      const access = decideAccess(facts)
      return access.code === 'PERMITTED'
        ? toReleaseDecision(decideRecord(evaluate, facts), options)
        : toRefusedReleaseDecision(access, facts, options)
    },
    decideItems: (facts, kinds) => {
      const found = decideAccess(facts).code === 'PERMITTED' ? decideRecord(evaluate, facts) : null
      const patient = found?.outcome === 'permit' ? found.facts.patient : null
      if (!found || !patient) return kinds.map(() => ({ outcome: 'hidden', rules: [], says: 'No record is released.' }))
      const toQuestion = toItemRequests({ ...found.facts, patient }, found.liftedBarriers)
      return kinds.map((kind) => toItemDecision(evaluate(toQuestion(kind))))
    },
    decideBreakGlass: (facts, barrier, reason) =>
      decideGrant(facts, () => decideBreakGlass(evaluate, facts, barrier, reason)),
    decidePermission: (facts, basis) => decideGrant(facts, () => decidePermission(evaluate, facts, basis)),
  }
}

/**
 * If any denying rule must not be disclosed, none is, because another rule's disclosure would reveal the same item. An
 * error is not disclosed either.
 */
function toItemDecision({ outcome, rules }: Verdict): ItemDecision {
  const decided = { rules: toRuleIds(rules), says: toExplanation(rules) || 'Not shown to this role.' }
  if (outcome === 'permit') return { outcome: 'release', ...decided }
  return {
    outcome: outcome === 'error' || rules.some(({ disclosure }) => disclosure !== 'withheld') ? 'hidden' : 'withheld',
    ...decided,
  }
}
