import type { TokenHolder } from '../../schema/access-token.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { regionsOf } from '../../schema/organisations.ts'
import { type AccessPage, type AccessQuery, BadAccessCursor } from '../audit/access-index.ts'
import { type PageArgs, toPageSize } from './page-size.ts'
import type { PrivacyAnswer } from './privacy-resolvers.ts'
import { toAccess } from './to-access.ts'
import { toConnection } from './to-connection.ts'

/** The accesses that an officer may see: those made by their organisation, or to a region of theirs. Throws BAD_CURSOR and FIRST_OUT_OF_RANGE. */
export async function findAccesses(
  find: (query: AccessQuery) => Promise<AccessPage>,
  args: PageArgs,
  { organisation: { odsCode } }: TokenHolder,
  regions: ReadonlySet<string>,
): Promise<PrivacyAnswer> {
  const { after } = args
  const scope = { organisations: [odsCode], regions: regionsOf(odsCode) }
  const { accesses, hasNextPage } = await find({ scope, first: toPageSize(args), after: after ?? null }).catch(toFault)
  const edges = accesses.map((access) => ({ cursor: access.cursor, node: toAccess(access, regions) }))
  return { answer: toConnection(edges, { hasNextPage, after }), status: 'ANSWERED', items: edges.length }
}

function toFault(cause: unknown): never {
  if (cause instanceof BadAccessCursor) throw fault('BAD_CURSOR', 'Expected a cursor of an earlier page.', { cause })
  throw cause
}
