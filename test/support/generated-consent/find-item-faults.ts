import type { AnsweredItem } from './answers.ts'
import { type ExpectedRegion, isProtected, type PatientQuestion } from './expect-regions.ts'
import { type ExpectedSection, isReplaced, toLifecycle } from './expect-section.ts'
import { findDifference } from './find-difference.ts'
import type { ItemModel, Which } from './model.ts'
import { type Scenario, toPublicId, toSealedId } from './scenario.ts'
import type { SectionDefinition } from './sections.ts'

/** What is wrong with a section's items, which are all that the regions must show of it. */
export function findSectionFaults(
  scene: Scenario,
  question: PatientQuestion & { readonly patient: Which },
  {
    section,
    wanted,
    nodes,
  }: {
    readonly section: SectionDefinition
    readonly wanted: readonly ExpectedSection[]
    readonly nodes: readonly AnsweredItem[]
  },
): readonly string[] {
  const { patient } = question
  const { items } = scene.world.patients[patient]
  const toShownId = isProtected(question.expected) ? toSealedId : toPublicId
  const ids = new Map(
    items.flatMap((item, index) =>
      item.section === section.field ? [[toShownId(scene, { patient, index }, item), index] as const] : [],
    ),
  )
  const shown = new Set(wanted.flatMap((one) => one.shown))
  const answered = nodes.map(({ id }) => id)
  const ofNode = (node: AnsweredItem): readonly string[] => {
    const index = ids.get(node.id)
    if (index === undefined) return [`${section.field}: shows an item that nobody published`]
    if (!shown.has(index)) return [`${section.field}: shows item ${index}, which the oracle keeps back`]
    const releasing = question.expected.filter(({ region }) =>
      wanted.some((one) => one.region === region && one.shown.includes(index)),
    )
    return findItemFaults(scene, question, { index, node, releasing, shown: new Set(answered) }).map(
      (finding) => `${section.field}, item ${index}: ${finding}`,
    )
  }
  const missing = [...ids].filter(([id, index]) => shown.has(index) && !answered.includes(id))
  return [
    ...nodes.flatMap(ofNode),
    ...missing.map(([, index]) => `${section.field}: lacks item ${index}, which the oracle releases`),
    ...(new Set(answered).size === answered.length ? [] : [`${section.field}: shows an item twice`]),
  ]
}

export interface ShownItem {
  /** Its place among the patient's items. */
  readonly index: number
  readonly node: AnsweredItem
  /** The regions that must show their version. */
  readonly releasing: readonly ExpectedRegion[]
  /** The ids of all that is shown beside it. */
  readonly shown: ReadonlySet<string>
}

/** What is wrong with an item that must be shown. */
export function findItemFaults(
  scene: Scenario,
  { patient, expected }: Pick<PatientQuestion, 'expected'> & { readonly patient: Which },
  { index, node, releasing, shown }: ShownItem,
): readonly string[] {
  const { items } = scene.world.patients[patient]
  const item = items[index]
  if (!item) return ['is no item of the world']
  const [newest] = releasing.toSorted(
    (a, b) => (item.versions[b.region]?.version ?? 0) - (item.versions[a.region]?.version ?? 0),
  )
  const version = newest && item.versions[newest.region]
  const codes = releasing.map(({ region }) => region)
  const retracting = expected.filter(
    (one) => one.region !== newest?.region && one.status === 'ANSWERED' && tellsRetraction(one, items, index),
  )
  const openly = isProtected(expected) ? 'LOCATION_PROTECTED' : 'AVAILABLE'
  const opens = version?.hasContent
    ? newest?.outcomeOf(item, version, { content: true }) === 'release'
      ? openly
      : 'WITHHELD'
    : 'ABSENT'
  return [
    ...findDifference('sources', node.sources.map(({ region }) => region).toSorted(), codes.toSorted()),
    ...findDifference('newest source', node.sources[0]?.region, newest?.region),
    ...findDifference('retractedElsewhere', node.retractedElsewhere?.region ?? null, retracting[0]?.region ?? null),
    ...(node.conflicts.some(({ values }) => values.some(({ region }) => !codes.some((code) => code === region)))
      ? ['conflicts name a region that does not release it']
      : []),
    ...(node.possibleDuplicates.every((id) => shown.has(id))
      ? []
      : ['possibleDuplicates name an item that is not shown']),
    ...(item.section === 'documents' ? findDifference('contentAnswer', node.contentAnswer, opens) : []),
    ...(item.section === 'documents'
      ? findDifference('has content', Boolean(node.content), opens === 'AVAILABLE')
      : []),
  ]
}

/** A region tells that it has retracted, replaced or superseded an item to those who may see what tells it. */
function tellsRetraction(expected: ExpectedRegion, items: readonly ItemModel[], index: number): boolean {
  const item = items[index]
  const version = item?.versions[expected.region]
  const showsItsEnd =
    item &&
    version &&
    toLifecycle(items, index, expected) !== 'current' &&
    expected.outcomeOf(item, version) === 'release'
  // A document that is shown says itself what it replaces, whether or not the region holds that, and shows it.
  return showsItsEnd || isReplaced(items, index, expected)
}
