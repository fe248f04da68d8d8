import type { GraphQLResolveInfo } from 'graphql'
import type { AccessContext } from '../../schema/assertion.ts'
import type { BreakGlassInput, BreakGlassPayload, PermissionPayload, RecordPermissionInput, WithdrawPermissionInput } from '../../schema/generated/patient-view.ts'
import type { PermissionReply } from '../../schema/generated/region.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { toJustification } from '../../schema/reviewed-text.ts'
import type { AccessEvent } from '../audit/audit-event.ts'
import type { Resolver, Resolvers } from '../composition/resolvers.ts'
import type { DecideAccess } from '../consent/decide-access.ts'
import { toOwnContext } from '../consent/own-context.ts'
import type { IntendedChange, OperationRecorder } from '../record-operation.ts'
import type { RegionClient } from '../regions/region-client.ts'
import { type RegionOperations, runRegionOperation } from '../regions/region-operation.ts'
import type { RequestContext } from '../request-context.ts'
import { type ChangeOutcome, toChangeOutcome, toRefusedOutcome } from './change-outcome.ts'
import { doneWords, toOptionWords, unavailableWords } from './change-words.ts'
import { createReviewResolver } from './review-resolver.ts'

export interface ChangeResolversOptions {
  readonly clients: readonly RegionClient[]
  readonly decideAccess: DecideAccess
  readonly recorder: OperationRecorder
}

type PatientChange = 'recordPermission' | 'withdrawPermission' | 'breakGlass'

interface AskedChange<Name extends PatientChange> {
  readonly name: Name
  readonly client: RegionClient
  readonly args: RegionOperations[Name]['args']
  readonly relationship: AccessContext['relationship']
  readonly kind: IntendedChange['kind']
  /** For the trail, as `breakGlass PERMISSION EMERGENCY`. */
  readonly change: string
  /** What the change gave. */
  readonly authorityOf: (reply: RegionOperations[Name]['reply']) => Authority | null
}

type Authority = NonNullable<AccessEvent['authority']>

/** The mutations. Each asks one region, which keeps what is changed; a region whose access rules refuse the viewer is not asked. */
export function createChangeResolvers({ clients, decideAccess, recorder }: ChangeResolversOptions): Resolvers {
  const clientOf = (code: string): RegionClient => {
    const client = clients.find(({ region }) => region.code === code)
    if (!client) throw new Error('Expected a configured region')
    return client
  }

  /** Asks the region for a change, which is on the trail before and after; one that the access rules refuse is on the trail once. */
  const ask = async <Name extends PatientChange>(
    asked: AskedChange<Name>,
    request: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<ChangeOutcome<RegionOperations[Name]['reply']>> => {
    const { name, client, args, relationship, kind, change, authorityOf } = asked
    const { holder, credentialsFor } = request
    const { code } = client.region
    const context = toOwnContext(holder, relationship)
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
      const outcome = toChangeOutcome<RegionOperations[Name]['reply']>(await runRegionOperation(client, name, args, credentials, request))
      return { ...outcome, audited: { ...outcome.audited, authority: outcome.reply && authorityOf(outcome.reply) } }
    })
  }

  const changePermission = async (
    change: Omit<AskedChange<'recordPermission' | 'withdrawPermission'>, 'relationship' | 'kind' | 'authorityOf'>,
    request: RequestContext,
    info: GraphQLResolveInfo,
  ) => {
    const authorityOf = ({ permission }: PermissionReply) => toAuthority('PERMISSION', permission)
    const outcome = await ask({ ...change, relationship: null, kind: 'PERMISSION', authorityOf }, request, info)
    return toPermissionPayload(change.name, change.client.region, outcome)
  }

  const recordPermission: Resolver = (_, { input }: { readonly input: RecordPermissionInput }, request: RequestContext, info) => {
    const { nhsNumber } = input
    const basis = input.basis ?? 'CARE_EPISODE_24_HOURS'
    return changePermission({ name: 'recordPermission', client: clientOf(input.region), args: { nhsNumber, basis }, change: `recordPermission ${basis}` }, request, info)
  }
  const withdrawPermission: Resolver = (_, { input }: { readonly input: WithdrawPermissionInput }, request: RequestContext, info) => {
    const { nhsNumber } = input
    return changePermission({ name: 'withdrawPermission', client: clientOf(input.region), args: { nhsNumber }, change: 'withdrawPermission' }, request, info)
  }
  const breakGlass: Resolver = async (_, { input }: { readonly input: BreakGlassInput }, request: RequestContext, info) => {
    const { nhsNumber, barrier, reason } = input
    const justification = toJustification(input.justification)
    const client = clientOf(input.region)
    const args = { nhsNumber, barrier, reason, justification }
    const change = `breakGlass ${barrier} ${reason}`
    // Who breaks the glass states that the patient is theirs to care for; the region decides whether it takes their word.
    const outcome = await ask(
      { name: 'breakGlass', client, args, relationship: 'CLAIMED', kind: 'BREAK_GLASS', change, authorityOf: ({ grant }) => toAuthority('GRANT', grant) },
      request,
      info,
    )
    return toBreakGlassPayload(client.region, outcome)
  }

  return { Mutation: { recordPermission, withdrawPermission, breakGlass, reviewOverride: createReviewResolver({ clients, recorder }) } }
}

/** A payload whose Region is resolved further. */
type InRegion<Payload> = Omit<Payload, 'region'> & { readonly region: RegionConfiguration }

function toPermissionPayload(name: 'recordPermission' | 'withdrawPermission', region: RegionConfiguration, outcome: ChangeOutcome<PermissionReply>): InRegion<PermissionPayload> {
  return { status: outcome.status, message: toMessage(doneWords[name], region, outcome), region, until: outcome.reply?.until ?? null }
}

function toBreakGlassPayload(region: RegionConfiguration, outcome: ChangeOutcome<RegionOperations['breakGlass']['reply']>): InRegion<BreakGlassPayload> {
  const { grant = null, until = null, breakGlass = [] } = outcome.reply ?? {}
  const options = outcome.status === 'REFUSED' ? toOptionWords(region.applicationName, breakGlass) : ''
  const message = [toMessage(doneWords.breakGlass, region, outcome), options].filter(Boolean).join(' ')
  return { status: outcome.status, message, region, grant, until, breakGlass }
}

function toMessage(done: (name: string) => string, { applicationName }: RegionConfiguration, { status, says }: ChangeOutcome<unknown>): string {
  if (status === 'UNAVAILABLE') return unavailableWords(applicationName)
  return status === 'DONE' ? [done(applicationName), says].filter(Boolean).join(' ') : says
}

function toAuthority(kind: Authority['kind'], id: string | null | undefined): Authority | null {
  return id ? { kind, id } : null
}
