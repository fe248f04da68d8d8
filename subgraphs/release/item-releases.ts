import type { Policies } from '../../schema/policies/create-policies.ts'
import type { ItemDecision } from '../../schema/policies/decision.ts'
import type { ItemOutcome, ItemSection, ReleaseClass, ReleaseFacts } from '../../schema/policies/facts.ts'
import { sectionFields } from '../../schema/sections.ts'
import type { StoredReleaseClass } from '../store/record-store.ts'

/** The release of one patient's items to one viewer, by release class id (ReleaseClass.id). */
export interface ItemReleases {
  /** The released classes of a section. */
  releasedClasses(section: ItemSection): readonly number[]
  /** The classes of a section that a disclosed rule withholds. */
  withheldClasses(section: ItemSection): readonly number[]
  /** The outcome for an ordinary item of the section: whether the viewer may see the section at all. */
  sectionOutcome(section: ItemSection): ItemOutcome
  /** Whether this class's documents are released with their content, not only in the list. */
  isContentReleased(kind: number): boolean
  /** Decides a class that no stored item has, such as that of a region's own field. */
  decideClass(kind: ReleaseClass): ItemOutcome
  /** Ids of the rules that withheld something, for the audit trail. */
  readonly rules: readonly string[]
  /** Ids of the disclosed rules among these, for explanations; never one with @tells("nothing"). */
  readonly disclosedRules: readonly string[]
  /** Whether any very restricted item (V) is released. */
  readonly showsVeryRestricted: boolean
}

/** Everything that release rules decide on, in the order of explanations. */
export const itemSections: readonly ItemSection[] = ['demographics', ...sectionFields]

/** Decides step 10 (schema/policies/README.md) for the release classes of a patient's items. */
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
