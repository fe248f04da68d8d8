import { fault } from '../../schema/graphql-errors.ts'
import { toRoleGroup } from '../../schema/policies/role-group.ts'
import type { AccessIndex } from '../audit/access-index.ts'
import type { OperationEvent, RecordOperation } from '../audit/record-operation.ts'
import { toPersonId } from '../consent/to-person-id.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RequestContext } from '../request/request-context.ts'
import type { Resolver, Resolvers } from '../request/resolvers.ts'
import { type ExplainArgs, explainAccess } from './explain-access.ts'
import { findAccesses } from './find-accesses.ts'
import { findOpenReviews } from './find-open-reviews.ts'
import type { PrivacyQueryResult } from './privacy-query-result.ts'
import type { ReviewCursorCodec } from './review-cursor.ts'
import type { PageArgs } from './to-connection.ts'

export interface PrivacyResolversOptions {
  readonly clients: readonly RegionClient[]
  readonly accesses: () => AccessIndex
  readonly cursors: ReviewCursorCodec
  readonly record: RecordOperation
}

/**
 * Creates the privacy officers' queries. Each is recorded on the trail before it is answered, also when it is refused
 * to others.
 */
export function createPrivacyResolvers({ clients, accesses, cursors, record }: PrivacyResolversOptions): Resolvers {
  const regions = new Set(clients.map(({ region }) => region.code))
  const forOfficers = <Args>(
    answer: (args: Args, request: RequestContext) => Promise<PrivacyQueryResult>,
    toSubject: (args: Args) => QuerySubject,
  ): Resolver => {
    return async (_, args: Args, request: RequestContext, info) => {
      const isOfficer = toRoleGroup(request.holder.role.code) === 'privacy'
      const subject = toSubject(args)
      const { value, status, items } = isOfficer ? await answer(args, request) : toRefusal()
      const decision = { code: isOfficer ? 'PERMITTED' : 'REFUSED_ROLE', rules: [], policyVersion: null }
      await record(
        { kind: 'PRIVACY_QUERY', region: null, decision, status, items, ...subject },
        { ...request, context: null, info },
      )
      return value
    }
  }
  return {
    Query: {
      accesses: forOfficers<PageArgs & { readonly nhsNumber: string }>(
        ({ nhsNumber, ...args }, { holder }) =>
          findAccesses((query) => accesses().findByPatient(nhsNumber, query), args, holder, regions),
        ({ nhsNumber }) => ({ nhsNumber }),
      ),
      accessesBy: forOfficers<PageArgs & { readonly person: string }>(
        ({ person, ...args }, { holder }) =>
          findAccesses((query) => accesses().findByPerson(person, query), args, holder, regions),
        ({ person }) => ({ aboutPerson: toPersonId(person) }),
      ),
      openReviews: forOfficers<PageArgs>(
        (args, request) => findOpenReviews({ clients, cursors }, args, request),
        () => ({}),
      ),
      explainAccess: forOfficers<ExplainArgs>(
        (args, request) => explainAccess(clients, args, request),
        ({ nhsNumber }) => ({ nhsNumber }),
      ),
    },
  }
}

/** The patient or person that a query is about. */
type QuerySubject = Pick<OperationEvent, 'nhsNumber' | 'aboutPerson'>

function toRefusal(): PrivacyQueryResult {
  return { value: fault('FORBIDDEN', 'This is for privacy officers.'), status: 'REFUSED', items: 0 }
}
