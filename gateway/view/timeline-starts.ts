import { fault } from '../../schema/graphql-errors.ts'
import type { ViewPlan } from './plan-view.ts'
import { sectionTable } from './section-table.ts'
import type { CursorCodec, TimelinePositions } from './timeline-cursor.ts'

/** The most items of a page, here and in the stores. */
export const largestPage = 100
/** The items of a page where nothing is said, here and in the stores. */
const usualPage = 20

/** Whether a timeline has pages of this size. */
export function isPageSize(first: unknown): boolean {
  return Number(first) >= 1 && Number(first) <= largestPage
}

/** A section's arguments, in which null for `first` means as much as nothing. */
export function withPageSize<Args extends Readonly<Record<string, unknown>>>(args: Args): Args {
  return args.first === null ? { ...args, first: usualPage } : args
}

/**
 * Where each region stands before the plan's pages that begin after a cursor, by alias. Throws FIRST_OUT_OF_RANGE for a page size out of
 * bounds, and BAD_CURSOR for a cursor that is not good for the one patient asked, its field and its filter.
 */
export function readTimelineStarts({ sections }: ViewPlan, nhsNumbers: readonly string[], cursors: CursorCodec): ReadonlyMap<string, TimelinePositions> {
  const starts = new Map<string, TimelinePositions>()
  for (const { alias, field, args } of sections) {
    if (sectionTable[field]?.form !== 'timeline') continue
    const { first, after, filter } = args
    if (!isPageSize(first)) throw fault('FIRST_OUT_OF_RANGE', `${field}: expected first between 1 and ${largestPage}.`)
    if (after === null || after === undefined) continue
    const [nhsNumber, ...others] = nhsNumbers
    if (nhsNumber === undefined || others.length > 0) throw fault('BAD_CURSOR', `${field}: a cursor belongs to one patient; ask for that patient alone.`)
    const positions = cursors.parse(String(after), { nhsNumber, field, filter })
    if (!positions) throw fault('BAD_CURSOR', `Expected a cursor of this patient's ${field} with the same filter.`)
    starts.set(alias, positions)
  }
  return starts
}
