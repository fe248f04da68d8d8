import type { ConsentRow } from '../../../subgraphs/demo/consent-rows.ts'
import type { DemoRegion } from '../../../subgraphs/demo/vocabulary/person.ts'
import { type ItemSection, itemSections, publishedItems } from './published-items.ts'
import type { ShownRegion } from './row-view.ts'

type Section = ItemSection | 'contacts' | 'demographics'

/** What a region shows of what was published to it: all of it, but for what is said here. */
export interface ExpectedDisclosure {
  /** The only sections that the viewer sees, and what the others answer. @default all sections */
  readonly only?: { readonly sections: readonly Section[]; readonly others: 'WITHHELD, withheld' | 'NOT_KNOWN' }
  /** By name, what is kept back of the sections that the viewer sees. */
  readonly keptBack?: readonly string[]
  /** Sections that say that something of them is withheld. @default none: what is kept back leaves no trace */
  readonly told?: readonly Section[]
  /** Whether the content of the documents shown can be opened. @default AVAILABLE */
  readonly contents?: 'AVAILABLE' | 'WITHHELD'
  /** The region's rules ask for an alert. @default where the glass was broken */
  readonly alert?: boolean
}

export const showsEverything: ExpectedDisclosure = {}
/** Nothing, and it says so. */
export const showsNothing: ExpectedDisclosure = { only: { sections: [], others: 'WITHHELD, withheld' } }
/** As for a number never seen. */
export const looksUnknown: ExpectedDisclosure = { only: { sections: [], others: 'NOT_KNOWN' } }

/** What the role is for, and of the rest only that it is withheld. */
export function showsOnlyRoleSections(...sections: readonly Section[]): ExpectedDisclosure {
  return { only: { sections, others: 'WITHHELD, withheld' } }
}

/** As a patient of whom nothing else is on record. */
export function concealsExcept(...sections: readonly Section[]): ExpectedDisclosure {
  return { only: { sections, others: 'NOT_KNOWN' } }
}

export function withholdsSilently(...keptBack: readonly string[]): ExpectedDisclosure {
  return { keptBack }
}

export function withholds(told: readonly Section[], ...keptBack: readonly string[]): ExpectedDisclosure {
  return { told, keptBack }
}

/** As a claimed relationship that nothing on record supports. */
export function withAlert(shows: ExpectedDisclosure): ExpectedDisclosure {
  return { ...shows, alert: true }
}

/** The look that a row's decision and this come to; the grant, if there is one, is the test's to know. */
export function toExpectedRegion(
  row: ConsentRow,
  region: DemoRegion,
  shows: ExpectedDisclosure,
): Omit<ShownRegion, 'grant'> & { readonly alert: boolean } {
  const code = row.decides[region]
  const { only, keptBack = [], told = [], contents = 'AVAILABLE', alert = code === 'OVERRIDDEN' } = shows
  const sees = (section: Section) => only === undefined || only.sections.includes(section)
  const published = [...publishedItems(row.patient, region).values()]
  const isShown = ({ section, name }: (typeof published)[number]) => sees(section) && !keptBack.includes(name)
  const shown = published.filter(isShown)
  const answerOf = (section: ItemSection | 'contacts'): string => {
    if (!sees(section)) return only?.others ?? 'WITHHELD, withheld'
    const isRecorded = section === 'contacts' || shown.some((item) => item.section === section)
    if (told.includes(section)) return isRecorded ? 'RECORDED, withheld' : 'WITHHELD, withheld'
    return isRecorded ? 'RECORDED' : 'NONE_RECORDED'
  }
  return {
    status: code === 'PERMITTED' || code === 'OVERRIDDEN' ? 'ANSWERED' : code.startsWith('REFUSED') ? 'REFUSED' : code,
    code: code === 'NOT_KNOWN' ? null : code,
    hasDemographics: sees('demographics'),
    answers: Object.fromEntries([...itemSections, 'contacts' as const].map((section) => [section, answerOf(section)])),
    shown: toNames(shown),
    keptBack: toNames(published.filter((item) => !isShown(item))),
    contents: shown.some(({ section }) => section === 'documents') ? [contents] : [],
    alert,
  }
}

function toNames(items: readonly { readonly name: string }[]): readonly string[] {
  return [...new Set(items.map(({ name }) => name))].sort()
}
