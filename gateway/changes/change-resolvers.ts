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
import type { RecordOperation } from '../record-operation.ts'
import type { RegionClient } from '../regions/region-client.ts'
import { type RegionOperations, runRegionOperation } from '../regions/region-operation.ts'
import type { RequestContext } from '../request-context.ts'
import { type ChangeOutcome, toChangeOutcome, toRefusedOutcome } from './change-outcome.ts'
import { doneWords, toOptionWords, unavailableWords } from './change-words.ts'
import { createReviewResolver } from './review-resolver.ts'

export interface ChangeResolversOptions {
  readonly clients: readonly RegionClient[]
  readonly decideAccess: DecideAccess
  readonly record: RecordOperation
}

type PatientChange = 'recordPermission' | 'withdrawPermission' | 'breakGlass'

interface AskedChange<Name extends PatientChange> {
  readonly name: Name
  readonly client: RegionClient
  readonly args: RegionOperations[Name]['args']
  readonly relationship: AccessContext['relationship']
}

type Authority = NonNullable<AccessEvent['authority']>

/** The mutations. Each asks one region, which keeps what is changed; a region whose access rules refuse the viewer is not asked. */
export function createChangeResolvers({ clients, decideAccess, record }: ChangeResolversOptions): Resolvers {
  const clientOf = (code: string): RegionClient => {
    const client = clients.find(({ region }) => region.code === code)
    if (!client) throw new Error('Expected a configured region')
    return client
  }

  const ask = async <Name extends PatientChange>({ name, client, args, relationship }: AskedChange<Name>, request: RequestContext) => {
    const { holder, credentialsFor } = request
    const { code } = client.region
    const context = toOwnContext(holder, relationship)
    const access = decideAccess(code, holder, context)
    const outcome: ChangeOutcome<RegionOperations[Name]['reply']> =
      access.code === 'PERMITTED' ? toChangeOutcome(await runRegionOperation(client, name, args, await credentialsFor(code, context), request)) : toRefusedOutcome(access)
    return { outcome, context }
  }

  const changePermission = async (change: AskedChange<'recordPermission' | 'withdrawPermission'>, words: string, request: RequestContext, info: GraphQLResolveInfo) => {
    const { region } = change.client
    const { outcome, context } = await ask(change, request)
    const authority = toAuthority('PERMISSION', outcome.reply?.permission)
    const { nhsNumber } = change.args
    await record({ ...outcome.audited, kind: 'PERMISSION', region: region.code, nhsNumber, authority, change: words }, { ...request, context, info })
    return toPermissionPayload(change.name, region, outcome)
  }

  const recordPermission: Resolver = (_, { input }: { readonly input: RecordPermissionInput }, request: RequestContext, info) => {
    const { nhsNumber } = input
    const basis = input.basis ?? 'CARE_EPISODE_24_HOURS'
    const change = { name: 'recordPermission', client: clientOf(input.region), args: { nhsNumber, basis }, relationship: null } as const
    return changePermission(change, `recordPermission ${basis}`, request, info)
  }
  const withdrawPermission: Resolver = (_, { input }: { readonly input: WithdrawPermissionInput }, request: RequestContext, info) => {
    const { nhsNumber } = input
    const change = { name: 'withdrawPermission', client: clientOf(input.region), args: { nhsNumber }, relationship: null } as const
    return changePermission(change, 'withdrawPermission', request, info)
  }
  const breakGlass: Resolver = async (_, { input }: { readonly input: BreakGlassInput }, request: RequestContext, info) => {
    const { nhsNumber, barrier, reason } = input
    const justification = toJustification(input.justification)
    const client = clientOf(input.region)
    const args = { nhsNumber, barrier, reason, justification }
    // Who breaks the glass states that the patient is theirs to care for; the region decides whether it takes their word.
    const { outcome, context } = await ask({ name: 'breakGlass', client, args, relationship: 'CLAIMED' }, request)
    const { code } = client.region
    const authority = toAuthority('GRANT', outcome.reply?.grant)
    const change = `breakGlass ${barrier} ${reason}`
    await record({ ...outcome.audited, kind: 'BREAK_GLASS', region: code, nhsNumber, authority, change }, { ...request, context, info })
    return toBreakGlassPayload(client.region, outcome)
  }

  return { Mutation: { recordPermission, withdrawPermission, breakGlass, reviewOverride: createReviewResolver({ clients, record }) } }
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
