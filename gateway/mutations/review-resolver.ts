import type { TokenHolder } from '../../schema/access-token.ts'
import type { ReviewOverrideInput } from '../../schema/generated/patient-view.ts'
import type { ReviewReply } from '../../schema/generated/region.ts'
import { toRoleGroup } from '../../schema/policies/role-group.ts'
import { toReviewNote } from '../../schema/reviewed-text.ts'
import type { IntendedChange, OperationRecorder } from '../audit/record-operation.ts'
import { toDefaultContext } from '../consent/default-context.ts'
import { toOverrideReview } from '../privacy-officer/to-override-review.ts'
import type { RegionClient } from '../regions/region-client.ts'
import { runRegionOperation } from '../regions/region-operation.ts'
import type { RequestContext } from '../request/request-context.ts'
import type { Resolver } from '../request/resolvers.ts'
import { notYoursMessage, unavailableMessage } from './mutation-messages.ts'
import { type MutationOutcome, toMutationOutcome, toRefusedOutcome } from './mutation-outcome.ts'

export interface ReviewResolverOptions {
  readonly clients: readonly RegionClient[]
  readonly recorder: OperationRecorder
}

/** Resolves `reviewOverride`. The grant's id names its region, which decides whose the review is. */
export function createReviewResolver({ clients, recorder }: ReviewResolverOptions): Resolver {
  return async (_, { input: given }: { readonly input: ReviewOverrideInput }, request: RequestContext, info) => {
    const input = { ...given, note: toReviewNote(given.note) }
    const { holder, credentialsFor } = request
    const client = clients.find(({ region }) => isGrantOf(region.slug, input.grant)) ?? null
    const refusal = toRefusal(holder, client)
    const access = { ...request, context: null, info }
    const intended: IntendedChange = {
      kind: 'REVIEW',
      region: client?.region.code ?? null,
      authority: client ? { kind: 'GRANT', id: input.grant } : null,
      change: `reviewOverride ${input.office} ${input.outcome}`,
    }
    if (!client || refusal) {
      const refused = toRefusedOutcome(refusal ?? notYoursRefusal)
      await recorder.record({ ...intended, ...refused.audited }, access)
      return { status: refused.status, message: refused.explanation, review: null }
    }
    const { region } = client
    const credentials = await credentialsFor(region.code, toDefaultContext(holder))
    const outcome = await recorder.recordChange(intended, access, async () =>
      toMutationOutcome(await runRegionOperation(client, 'reviewOverride', input, credentials, request)),
    )
    const review = outcome.reply?.review ? toOverrideReview(outcome.reply.review, region) : null
    return { status: outcome.status, message: toMessage(outcome, region.applicationName), review }
  }
}

const notYoursRefusal = { code: 'NOT_YOURS', rules: [], policyVersion: null, says: notYoursMessage } as const
const notOfficerRefusal = {
  code: 'REFUSED_ROLE',
  rules: [],
  policyVersion: null,
  says: 'Reviews are for privacy officers.',
} as const

function toRefusal({ role }: TokenHolder, client: RegionClient | null) {
  if (toRoleGroup(role.code) !== 'privacy') return notOfficerRefusal
  return client ? null : notYoursRefusal
}

/** A grant's id is its region's slug, a dot, and a text that only the region interprets. */
function isGrantOf(slug: string, grant: string): boolean {
  return grant.startsWith(`${slug}.`) && /^[\w-]{1,64}$/.test(grant.slice(slug.length + 1))
}

function toMessage({ status, reply, explanation }: MutationOutcome<ReviewReply>, name: string): string {
  if (status === 'UNAVAILABLE') return unavailableMessage(name)
  return reply?.decision.code === 'NOT_YOURS' ? notYoursMessage : explanation
}
