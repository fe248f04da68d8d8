import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { type SectionField, type SectionItems, sections, type TimelineSectionField } from '../../schema/sections.ts'
import { parseTimelinePosition, type TimelinePosition } from '../../schema/timeline-position.ts'
import { redactItemLocations } from '../release/redact-locations.ts'
import { type ReleasedRecord, toSectionAnswer } from '../release/released-record.ts'
import type { Lifecycle, StoredItem, TimelineFilter } from '../store/record-store.ts'
import { type SectionWindow, toWindow } from './windows.ts'

/** Largest page, and the size of a page whose request gives none. */
const maxPageSize = 100
const defaultPageSize = 20

interface Page<S extends TimelineSectionField> {
  readonly answer: Region.SectionAnswerCode
  readonly withheld: boolean
  readonly truncated: boolean
  readonly window: Region.Window | null
  readonly hasMore: boolean
  readonly nodes: readonly SectionItems[S][]
}

interface PageRequest {
  readonly first?: number | null
  readonly after?: string | null
  readonly window: SectionWindow
  readonly filter: TimelineFilter
}

/** Creates the resolvers of Record's timelines. A missing section does not compile. */
export function createTimelineSections(now: () => number) {
  return {
    results: (record: ReleasedRecord, { first, after, filter, ids }: Partial<Region.RecordResultsArgs>) =>
      readPage(record, 'results', {
        first,
        after,
        window: toWindow(filter ?? {}, now(), ids ? null : 12),
        filter: {
          ids: ids ?? undefined,
          codes: toCodeFilter(record, 'results', filter?.codes),
          categories: filter?.category ? [filter.category] : undefined,
        },
      }),
    encounters: (record: ReleasedRecord, { first, after, filter, ids }: Partial<Region.RecordEncountersArgs>) =>
      readPage(record, 'encounters', {
        first,
        after,
        window: toWindow(filter ?? {}, now(), ids ? null : 6),
        filter: { ids: ids ?? undefined, categories: filter?.classes ?? undefined },
      }),
    documents: (record: ReleasedRecord, { first, after, filter, ids }: Partial<Region.RecordDocumentsArgs>) =>
      readPage(record, 'documents', {
        first,
        after,
        window: toWindow(filter ?? {}, now(), null),
        filter: {
          ids: ids ?? undefined,
          codes: toCodeFilter(record, 'documents', filter?.types),
          categories: toCodeFilter(record, 'documents', filter?.categories),
          // This filter has no effect on a patient flagged sensitive, because it would reveal who published what.
          organisations: record.patient.sensitive ? undefined : (filter?.organisations ?? undefined),
          lifecycles: (filter?.status ?? ['CURRENT']).map((status) => lifecycles[status]),
        },
      }),
  } satisfies { readonly [S in TimelineSectionField]: (record: ReleasedRecord, args: never) => Promise<Page<S>> }
}

/**
 * Converts a filter by codes. A local code has no effect on a patient flagged sensitive, because it would reveal a
 * place.
 */
function toCodeFilter(
  { patient }: ReleasedRecord,
  section: TimelineSectionField,
  codes: readonly string[] | null | undefined,
): readonly string[] | undefined {
  const isHarmless = sections[section].areHarmlessCodes
  return codes && (!patient.sensitive || isHarmless?.(codes)) ? codes : undefined
}

const lifecycles: Readonly<Record<Region.DocumentStatus, Lifecycle>> = { CURRENT: 'current', SUPERSEDED: 'superseded' }

async function readPage<S extends TimelineSectionField>(
  record: ReleasedRecord,
  section: S,
  { first: asked, after, window, filter }: PageRequest,
): Promise<Page<S>> {
  const first = asked ?? defaultPageSize
  if (first < 1 || first > maxPageSize)
    throw fault('FIRST_OUT_OF_RANGE', `Expected first to be between 1 and ${maxPageSize}.`)
  const query = { first, after: parseCursor(after), fromMs: window.fromMs, toMs: window.toMs, filter }
  const { patient, loaders } = record
  const { items, withheld, hasMore } = await loaders.readTimeline(section, patient.key, query)
  // A page after the last is empty although the section is not.
  const isRecorded =
    items.length > 0 ||
    (query.after !== null &&
      (await loaders.readTimeline(section, patient.key, { ...query, first: 1, after: null })).items.length > 0)
  const answer = toSectionAnswer(record, section, { isRecorded, withheld })
  return {
    ...answer,
    truncated: false,
    window: window.window,
    hasMore,
    nodes: items.map((stored) => toShownItem(record, section, stored)),
  }
}

/**
 * Converts an item to its shown form. A viewer may see a document in the list without its content. A patient flagged
 * sensitive gets no place.
 */
export function toShownItem<S extends SectionField>(
  { patient, items }: Pick<ReleasedRecord, 'patient' | 'items'>,
  section: S,
  { item, releaseClass }: StoredItem<S>,
): SectionItems[S] {
  const isContentWithheld =
    'contentAnswer' in item && item.contentAnswer === 'AVAILABLE' && !items.isContentReleased(releaseClass)
  const shown = isContentWithheld ? { ...item, contentAnswer: 'WITHHELD', content: null } : item
  return patient.sensitive ? redactItemLocations(section, shown) : shown
}

function parseCursor(after: string | null | undefined): TimelinePosition | null {
  if (after === null || after === undefined) return null
  const position = parseTimelinePosition(after)
  if (!position) throw fault('BAD_CURSOR', 'Expected after to be a position that an earlier node bore.')
  return position
}
