import type { ItemOutcome } from '../../../schema/policies/facts.ts'
import type { ExpectedRegion } from './expect-regions.ts'
import type { FiltersModel, ItemModel, RegionCode, VersionModel } from './model.ts'
import type { Scenario } from './scenario.ts'
import type { SectionDefinition } from './sections.ts'

/**
 * Whether a version counts as current for the viewer: a document is superseded by another one that the viewer may see.
 */
export function toLifecycle(
  items: readonly ItemModel[],
  index: number,
  expected: ExpectedRegion,
): VersionModel['lifecycle'] {
  const lifecycle = items[index]?.versions[expected.region]?.lifecycle ?? 'retracted'
  return lifecycle === 'current' && isReplaced(items, index, expected) ? 'superseded' : lifecycle
}

/**
 * Whether a document that the viewer may see replaces this one in the region; what was entered in error replaces
 * nothing.
 */
export function isReplaced(items: readonly ItemModel[], index: number, { region, outcomeOf }: ExpectedRegion): boolean {
  if (items[index]?.section !== 'documents') return false
  return items.some((replacing, place) => {
    const version = replacing.versions[region]
    const replaces =
      replacing.section === 'documents' &&
      place !== index &&
      version?.replaces === index &&
      version.lifecycle !== 'retracted'
    return replaces && outcomeOf(replacing, version) === 'release'
  })
}

/** What one region must answer for a section. */
export interface ExpectedSection {
  readonly region: RegionCode
  /** Places among the patient's items of what is shown. */
  readonly shown: readonly number[]
  readonly answer: string
  readonly withheld: boolean
}

export function expectSection(
  scene: Scenario,
  expected: ExpectedRegion,
  items: readonly ItemModel[],
  { section, filters }: { readonly section: SectionDefinition; readonly filters: FiltersModel },
): ExpectedSection {
  const { region, status } = expected
  const unanswered = (answer: string) => ({ region, shown: [], answer, withheld: answer === 'WITHHELD' })
  if (status === 'NOT_ASKED') return unanswered('NOT_RETRIEVED')
  if (status === 'NOT_KNOWN') return unanswered('NOT_KNOWN')
  if (status !== 'ANSWERED') return unanswered('WITHHELD')
  const served = items.flatMap((item, index) => {
    const version = item.versions[region]
    if (item.section !== section.field || !version) return []
    const lifecycle = toLifecycle(items, index, expected)
    const isServed = lifecycle === 'current' || (section.field === 'documents' && lifecycle === 'superseded')
    const isAsked = section.matches(version, filters, scene) && (lifecycle === 'current' || filters.supersededToo)
    return isServed
      ? [{ index, isAsked, isNone: isNoKnownAllergy(item, version), outcome: expected.outcomeOf(item, version) }]
      : []
  })
  const released = served.filter(({ isAsked, outcome }) => isAsked && outcome === 'release')
  const shown = released.filter(({ isNone }) => !isNone).map(({ index }) => index)
  const ordinary = expected.ordinary(section.field)
  // Of the whole section: no filter moves it.
  const withheld = ordinary === 'withheld' || served.some(({ outcome }) => outcome === 'withheld')
  const answer = toAnswer({
    isShown: shown.length > 0,
    assertsNone: released.some(({ isNone }) => isNone),
    ordinary,
    withheld,
  })
  return { region, shown, answer, withheld: withheld && (shown.length > 0 || ordinary !== 'hidden') }
}

function toAnswer({
  isShown,
  assertsNone,
  ordinary,
  withheld,
}: {
  readonly isShown: boolean
  readonly assertsNone: boolean
  readonly ordinary: ItemOutcome
  readonly withheld: boolean
}): string {
  if (isShown) return 'RECORDED'
  if (assertsNone) return 'ASSERTED_NONE'
  // A section that is hidden from everybody who looks like this viewer says no more than of an unknown patient.
  if (ordinary === 'hidden') return 'NOT_KNOWN'
  return withheld ? 'WITHHELD' : 'NONE_RECORDED'
}

/** No known allergy is an answer, and no item. */
function isNoKnownAllergy({ section }: ItemModel, { variant }: VersionModel): boolean {
  return section === 'allergies' && variant === 1
}
