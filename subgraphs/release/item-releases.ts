import type { Policies } from '../../schema/policies/create-policies.ts'
import type { ItemDecision } from '../../schema/policies/decision.ts'
import type { ItemOutcome, ItemSection, ReleaseClass, ReleaseFacts } from '../../schema/policies/facts.ts'
import { sectionFields } from '../../schema/sections.ts'
import type { StoredReleaseClass } from '../store/record-store.ts'

/** What the rules leave of one patient's record for one viewer: kinds by ReleaseClass.id. */
export interface ItemReleases {
  /** The kinds of a section that are shown. */
  releasedClasses(section: ItemSection): readonly number[]
  /** The kinds of a section that are kept back by a rule that may be told. */
  withheldClasses(section: ItemSection): readonly number[]
  /** What becomes of an ordinary item of the section: whether the section is this viewer's to see at all. */
  sectionOutcome(section: ItemSection): ItemOutcome
  /** Whether the bytes of documents of this kind are given, rather than their entry in the list alone. */
  isContentReleased(kind: number): boolean
  /** What becomes of an item that no store holds, as a region's own fields. */
  decideClass(kind: ReleaseClass): ItemOutcome
  /** The rules that held something back. For the audit trail. */
  readonly rules: readonly string[]
  /** The rules that held back only what may be told. For explanation: a rule with @tells("nothing") is never among them. */
  readonly disclosedRules: readonly string[]
  /** Whether something very restricted is shown. */
  readonly showsVeryRestricted: boolean
}

/** What release rules decide on, in the order of explanations. */
export const itemSections: readonly ItemSection[] = ['demographics', ...sectionFields]

/** Step 10, for the kinds that a patient has items of. */
export function decideItemReleases(
  policies: Policies,
  facts: ReleaseFacts,
  classes: readonly StoredReleaseClass[],
): ItemReleases {
  const documents = classes.filter(({ releaseClass }) => releaseClass.section === 'documents')
  const questions: readonly ReleaseClass[] = [
    ...itemSections.map((section) => ({ section })),
    ...classes.map(({ releaseClass: kind }) => kind),
    ...documents.map(({ releaseClass: kind }) => ({ ...kind, content: true })),
  ]
  const decisions = policies.decideItems(facts, questions)
  const outcomeOf = (index: number) => decisions[index]?.outcome ?? 'hidden'
  const sections = new Map(itemSections.map((section, index) => [section, outcomeOf(index)]))
  const decided = classes.map((stored, index) => ({ ...stored, outcome: outcomeOf(itemSections.length + index) }))
  const releasedContents = new Set(
    documents.flatMap(({ id }, index) =>
      outcomeOf(itemSections.length + classes.length + index) === 'release' ? [id] : [],
    ),
  )
  const groupBySection = (outcome: ItemOutcome) =>
    Map.groupBy(
      decided.filter((one) => one.outcome === outcome),
      ({ releaseClass: kind }) => kind.section,
    )
  const released = groupBySection('release')
  const withheld = groupBySection('withheld')
  return {
    releasedClasses: (section) => (released.get(section) ?? []).map(({ id }) => id),
    withheldClasses: (section) => (withheld.get(section) ?? []).map(({ id }) => id),
    sectionOutcome: (section) => sections.get(section) ?? 'hidden',
    isContentReleased: (kind) => releasedContents.has(kind),
    decideClass: (kind) => policies.decideItems(facts, [kind])[0]?.outcome ?? 'hidden',
    rules: toRuleIds(decisions.filter(({ outcome }) => outcome !== 'release')),
    disclosedRules: toRuleIds(decisions.filter(({ outcome }) => outcome === 'withheld')),
    showsVeryRestricted: decided.some(
      ({ outcome, releaseClass: kind }) => outcome === 'release' && kind.labels?.includes('V'),
    ),
  }
}

function toRuleIds(decisions: readonly ItemDecision[]): readonly string[] {
  return [...new Set(decisions.flatMap(({ rules }) => rules))].sort()
}
