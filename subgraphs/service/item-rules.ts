import type { Policies } from '../../schema/policies/create-policies.ts'
import type { ItemDecision } from '../../schema/policies/decision.ts'
import type { ItemKind, ItemOutcome, ItemSection, ReleaseFacts } from '../../schema/policies/facts.ts'
import type { StoredKind } from '../store/record-store.ts'

/** What the rules leave of one patient's record for one viewer: kinds by StoredKind.id. */
export interface ItemRules {
  /** The kinds of a section that are shown. */
  released(section: ItemSection): readonly number[]
  /** The kinds of a section that are kept back by a rule that may be told. */
  withheld(section: ItemSection): readonly number[]
  /** What becomes of an ordinary item of the section: whether the section is this viewer's to see at all. */
  section(section: ItemSection): ItemOutcome
  /** Whether the bytes of documents of this kind are given, rather than their entry in the list alone. */
  opens(kind: number): boolean
  /** What becomes of an item that no store holds, as a region's own fields. */
  decide(kind: ItemKind): ItemOutcome
  /** The rules that held something back. For the audit trail. */
  readonly rules: readonly string[]
  /** The rules that held back only what may be told. For explanation: a rule with @tells("nothing") is never among them. */
  readonly toldRules: readonly string[]
  /** Whether something very restricted is shown. */
  readonly showsVeryRestricted: boolean
}

export const itemSections: readonly ItemSection[] = [
  'demographics',
  'alerts',
  'allergies',
  'problems',
  'medications',
  'immunisations',
  'procedures',
  'carePlans',
  'contacts',
  'appointments',
  'results',
  'encounters',
  'documents',
]

/** Step 10, for the kinds that a patient has items of. */
export function decideItems(policies: Policies, facts: ReleaseFacts, kinds: readonly StoredKind[]): ItemRules {
  const documents = kinds.filter(({ kind }) => kind.section === 'documents')
  const questions: readonly ItemKind[] = [
    ...itemSections.map((section) => ({ section })),
    ...kinds.map(({ kind }) => kind),
    ...documents.map(({ kind }) => ({ ...kind, content: true })),
  ]
  const decisions = policies.decideItems(facts, questions)
  const outcomeOf = (index: number) => decisions[index]?.outcome ?? 'hidden'
  const sections = new Map(itemSections.map((section, index) => [section, outcomeOf(index)]))
  const decided = kinds.map((stored, index) => ({ ...stored, outcome: outcomeOf(itemSections.length + index) }))
  const opened = new Set(documents.flatMap(({ id }, index) => (outcomeOf(itemSections.length + kinds.length + index) === 'release' ? [id] : [])))
  const of = (outcome: ItemOutcome) =>
    Map.groupBy(
      decided.filter((one) => one.outcome === outcome),
      ({ kind }) => kind.section,
    )
  const released = of('release')
  const withheld = of('withheld')
  return {
    released: (section) => (released.get(section) ?? []).map(({ id }) => id),
    withheld: (section) => (withheld.get(section) ?? []).map(({ id }) => id),
    section: (section) => sections.get(section) ?? 'hidden',
    opens: (kind) => opened.has(kind),
    decide: (kind) => policies.decideItems(facts, [kind])[0]?.outcome ?? 'hidden',
    rules: toRules(decisions.filter(({ outcome }) => outcome !== 'release')),
    toldRules: toRules(decisions.filter(({ outcome }) => outcome === 'withheld')),
    showsVeryRestricted: decided.some(({ outcome, kind }) => outcome === 'release' && kind.labels?.includes('V')),
  }
}

function toRules(decisions: readonly ItemDecision[]): readonly string[] {
  return [...new Set(decisions.flatMap(({ rules }) => rules))].sort()
}
