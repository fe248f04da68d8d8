import type { GraphQLResolveInfo } from 'graphql'
import type { AccessContext } from '../../schema/assertion.ts'
import type {
  BreakGlassInput,
  BreakGlassPayload,
  PermissionPayload,
  RecordPermissionInput,
  WithdrawPermissionInput,
} from '../../schema/generated/patient-view.ts'
import type { PermissionReply } from '../../schema/generated/region.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { toJustification } from '../../schema/reviewed-text.ts'
import type { AccessEvent } from '../audit/audit-event.ts'
import type { IntendedChange, OperationRecorder } from '../audit/record-operation.ts'
import type { DecideAccess } from '../consent/decide-access.ts'
import { toDefaultContext } from '../consent/default-context.ts'
import type { RegionClient } from '../regions/region-client.ts'
import { type RegionOperations, runRegionOperation } from '../regions/region-operation.ts'
import type { RequestContext } from '../request/request-context.ts'
import type { Resolver, Resolvers } from '../request/resolvers.ts'
import { doneMessages, toOverrideOptionsMessage, unavailableMessage } from './mutation-messages.ts'
import { type MutationOutcome, toMutationOutcome, toRefusedOutcome } from './mutation-outcome.ts'
import { createReviewResolver } from './review-resolver.ts'

export interface MutationResolversOptions {
  readonly clients: readonly RegionClient[]
  readonly decideAccess: DecideAccess
  readonly recorder: OperationRecorder
}

type PatientMutation = 'recordPermission' | 'withdrawPermission' | 'breakGlass'

interface RequestedMutation<Name extends PatientMutation> {
  readonly name: Name
  readonly client: RegionClient
  readonly args: RegionOperations[Name]['args']
  readonly relationship: AccessContext['relationship']
  readonly kind: IntendedChange['kind']
  /** The change for the audit trail, as `breakGlass PERMISSION EMERGENCY`. */
  readonly change: string
  /** Returns the permission or grant that the reply contains. */
  readonly readAuthority: (reply: RegionOperations[Name]['reply']) => Authority | null
}

type Authority = NonNullable<AccessEvent['authority']>

/**
 * Creates the mutations. Each asks one region, which stores the change; a region whose access rules refuse the viewer
 * is not asked.
 */
export function createMutationResolvers({ clients, decideAccess, recorder }: MutationResolversOptions): Resolvers {
  const findClient = (code: string): RegionClient => {
    const client = clients.find(({ region }) => region.code === code)
    if (!client) throw new Error('Expected a configured region')
    return client
  }

  /**
   * Sends a mutation to a region, recorded on the trail before and after. One that the access rules refuse is
   * recorded once.
   */
  const requestMutation = async <Name extends PatientMutation>(
    requested: RequestedMutation<Name>,
    request: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<MutationOutcome<RegionOperations[Name]['reply']>> => {
    const { name, client, args, relationship, kind, change, readAuthority } = requested
    const { holder, credentialsFor } = request
    const { code } = client.region
    const context = toDefaultContext(holder, relationship)
    const access = { ...request, context, info }
    const intended = { kind, region: code, nhsNumber: args.nhsNumber, change }
    const decision = decideAccess(code, holder, context)
    if (decision.code !== 'PERMITTED') {
      const refused = toRefusedOutcome(decision)
      await recorder.record({ ...intended, ...refused.audited }, access)
      return refused
    }
    const credentials = await credentialsFor(code, context)
    return recorder.recordChange(intended, access, async () => {
      const outcome = toMutationOutcome<RegionOperations[Name]['reply']>(
        await runRegionOperation(client, name, args, credentials, request),
      )
      return { ...outcome, audited: { ...outcome.audited, authority: outcome.reply && readAuthority(outcome.reply) } }
    })
  }

  const changePermission = async (
    change: Omit<
      RequestedMutation<'recordPermission' | 'withdrawPermission'>,
      'relationship' | 'kind' | 'readAuthority'
    >,
    request: RequestContext,
    info: GraphQLResolveInfo,
  ) => {
    const authorityOf = ({ permission }: PermissionReply) => toAuthority('PERMISSION', permission)
    const outcome = await requestMutation(
      { ...change, relationship: null, kind: 'PERMISSION', readAuthority: authorityOf },
      request,
      info,
    )
    return toPermissionPayload(change.name, change.client.region, outcome)
  }

  const recordPermission: Resolver = (
    _,
    { input }: { readonly input: RecordPermissionInput },
    request: RequestContext,
    info,
  ) => {
    const { nhsNumber } = input
    const basis = input.basis ?? 'CARE_EPISODE_24_HOURS'
    return changePermission(
      {
        name: 'recordPermission',
        client: findClient(input.region),
        args: { nhsNumber, basis },
        change: `recordPermission ${basis}`,
      },
      request,
      info,
    )
  }
  const withdrawPermission: Resolver = (
    _,
    { input }: { readonly input: WithdrawPermissionInput },
    request: RequestContext,
    info,
  ) => {
    const { nhsNumber } = input
    return changePermission(
      {
        name: 'withdrawPermission',
        client: findClient(input.region),
        args: { nhsNumber },
        change: 'withdrawPermission',
      },
      request,
      info,
    )
  }
  const breakGlass: Resolver = async (
    _,
    { input }: { readonly input: BreakGlassInput },
    request: RequestContext,
    info,
  ) => {
    const { nhsNumber, barrier, reason } = input
    const justification = toJustification(input.justification)
    const client = findClient(input.region)
    const args = { nhsNumber, barrier, reason, justification }
    const change = `breakGlass ${barrier} ${reason}`
    // A viewer who breaks the glass claims a relationship; the region decides whether that suffices.
    const outcome = await requestMutation(
      {
        name: 'breakGlass',
        client,
        args,
        relationship: 'CLAIMED',
        kind: 'BREAK_GLASS',
        change,
        readAuthority: ({ grant }) => toAuthority('GRANT', grant),
      },
      request,
      info,
    )
    return toBreakGlassPayload(client.region, outcome)
  }

  return {
    Mutation: {
      recordPermission,
      withdrawPermission,
      breakGlass,
      reviewOverride: createReviewResolver({ clients, recorder }),
    },
  }
}

/** A payload before its Region field is resolved. */
type WithRegion<Payload> = Omit<Payload, 'region'> & { readonly region: RegionConfiguration }

function toPermissionPayload(
  name: 'recordPermission' | 'withdrawPermission',
  region: RegionConfiguration,
  outcome: MutationOutcome<PermissionReply>,
): WithRegion<PermissionPayload> {
  return {
    status: outcome.status,
    message: toMessage(doneMessages[name], region, outcome),
    region,
    until: outcome.reply?.until ?? null,
  }
}

function toBreakGlassPayload(
  region: RegionConfiguration,
  outcome: MutationOutcome<RegionOperations['breakGlass']['reply']>,
): WithRegion<BreakGlassPayload> {
  const { grant = null, until = null, breakGlass = [] } = outcome.reply ?? {}
  const options = outcome.status === 'REFUSED' ? toOverrideOptionsMessage(region.applicationName, breakGlass) : ''
  const message = [toMessage(doneMessages.breakGlass, region, outcome), options].filter(Boolean).join(' ')
  return { status: outcome.status, message, region, grant, until, breakGlass }
}

function toMessage(
  done: (name: string) => string,
  { applicationName }: RegionConfiguration,
  { status, explanation }: MutationOutcome<unknown>,
): string {
  if (status === 'UNAVAILABLE') return unavailableMessage(applicationName)
  return status === 'DONE' ? [done(applicationName), explanation].filter(Boolean).join(' ') : explanation
}

function toAuthority(kind: Authority['kind'], id: string | null | undefined): Authority | null {
  return id ? { kind, id } : null
}
