import { fault } from '../../schema/graphql-errors.ts'

/** The arguments of a page. */
export interface PageArgs {
  readonly first?: number | null
  readonly after?: string | null
}

const largestPage = 100

/** How many to show: 50 where nothing is said. Throws FIRST_OUT_OF_RANGE. */
export function toPageSize({ first }: PageArgs): number {
  const size = first ?? 50
  if (size < 1 || size > largestPage) throw fault('FIRST_OUT_OF_RANGE', `Expected first between 1 and ${largestPage}.`)
  return size
}
