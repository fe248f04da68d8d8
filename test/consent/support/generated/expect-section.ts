import type { ItemOutcome } from '../../../../schema/policies/facts.ts'
import type { ExpectedRegion } from './expect-regions.ts'
import type { FiltersModel, ItemModel, RegionCode, VersionModel } from './model.ts'
import type { Scene } from './scene.ts'
import type { SectionDefinition } from './sections.ts'

/** Whether a version counts as current in its region, for a document that another one replaces is not. */
export function toLifecycle(items: readonly ItemModel[], index: number, region: RegionCode): VersionModel['lifecycle'] {
  const lifecycle = items[index]?.versions[region]?.lifecycle ?? 'retracted'
  return lifecycle === 'current' && findReplacing(items, index, region).length > 0 ? 'superseded' : lifecycle
}

/** A region's documents that replace this one; what was entered in error replaces nothing. */
export function findReplacing(items: readonly ItemModel[], index: number, region: RegionCode): readonly ItemModel[] {
  if (items[index]?.section !== 'documents') return []
  return items.filter(({ section, versions }, place) => {
    const version = versions[region]
    return section === 'documents' && place !== index && version?.replaces === index && version.lifecycle !== 'retracted'
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
  scene: Scene,
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
    const lifecycle = toLifecycle(items, index, region)
    const isServed = lifecycle === 'current' || (section.field === 'documents' && lifecycle === 'superseded')
    const isAsked = section.matches(version, filters, scene) && (lifecycle === 'current' || filters.supersededToo)
    return isServed ? [{ index, isAsked, isNone: isNoKnownAllergy(item, version), outcome: expected.outcomeOf(item, version) }] : []
  })
  const released = served.filter(({ isAsked, outcome }) => isAsked && outcome === 'release')
  const shown = released.filter(({ isNone }) => !isNone).map(({ index }) => index)
  const ordinary = expected.ordinary(section.field)
  // Of the whole section: no filter moves it.
  const withheld = ordinary === 'withheld' || served.some(({ outcome }) => outcome === 'withheld')
  const answer = toAnswer({ isShown: shown.length > 0, assertsNone: released.some(({ isNone }) => isNone), ordinary, withheld })
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
