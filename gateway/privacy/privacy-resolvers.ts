import { fault } from '../../schema/graphql-errors.ts'
import { toRoleGroup } from '../../schema/policies/role-group.ts'
import type { AccessIndex } from '../audit/access-index.ts'
import type { Resolver, Resolvers } from '../composition/resolvers.ts'
import { toPersonId } from '../consent/to-person-id.ts'
import type { OperationEvent, RecordOperation } from '../record-operation.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RequestContext } from '../request-context.ts'
import { type ExplainArgs, explainAccess } from './explain-access.ts'
import { findAccesses } from './find-accesses.ts'
import { findOpenReviews } from './find-open-reviews.ts'
import type { PageArgs } from './page-size.ts'
import type { ReviewCursors } from './review-cursor.ts'

/** What a privacy officer's query comes to, and what the trail is to say of it. */
export interface PrivacyAnswer {
  /** A fault where the status is not ANSWERED. */
  readonly answer: unknown
  readonly status: string
  /** How many things are shown. */
  readonly items: number
}

export interface PrivacyResolversOptions {
  readonly clients: readonly RegionClient[]
  readonly accesses: () => AccessIndex
  readonly cursors: ReviewCursors
  readonly record: RecordOperation
}

/** Privacy officers' queries. Each is on the trail before it is answered, those of others too, who are refused. */
export function createPrivacyResolvers({ clients, accesses, cursors, record }: PrivacyResolversOptions): Resolvers {
  const regions = new Set(clients.map(({ region }) => region.code))
  const forOfficers = <Args>(ask: (args: Args, request: RequestContext) => Promise<PrivacyAnswer>, toSubject: (args: Args) => Subject): Resolver => {
    return async (_, args: Args, request: RequestContext, info) => {
      const isOfficer = toRoleGroup(request.holder.role.code) === 'privacy'
      const subject = toSubject(args)
      const { answer, status, items } = isOfficer ? await ask(args, request) : refuse()
      const decision = { code: isOfficer ? 'PERMITTED' : 'REFUSED_ROLE', rules: [], policyVersion: null }
      await record({ kind: 'PRIVACY_QUERY', region: null, decision, status, items, ...subject }, { ...request, context: null, info })
      return answer
    }
  }
  return {
    Query: {
      accesses: forOfficers<PageArgs & { readonly nhsNumber: string }>(
        ({ nhsNumber, ...args }, { holder }) => findAccesses((query) => accesses().accessesOf(nhsNumber, query), args, holder, regions),
        ({ nhsNumber }) => ({ nhsNumber }),
      ),
      accessesBy: forOfficers<PageArgs & { readonly person: string }>(
        ({ person, ...args }, { holder }) => findAccesses((query) => accesses().accessesBy(person, query), args, holder, regions),
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

/** Whom a query is about. */
type Subject = Pick<OperationEvent, 'nhsNumber' | 'aboutPerson'>

function refuse(): PrivacyAnswer {
  return { answer: fault('FORBIDDEN', 'This is for privacy officers.'), status: 'REFUSED', items: 0 }
}
