import { type GraphQLResolveInfo, type GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql'
import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { findOrganisationRegions } from '../../schema/organisations.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { scalars } from '../../schema/scalars.ts'
import { sectionFields } from '../../schema/sections.ts'
import type { DecideAccess } from '../consent/decide-access.ts'
import { toDefaultContext, toDefaultPurpose } from '../consent/default-context.ts'
import type { IsFlagged } from '../consent/flagged-patients.ts'
import { toSupervisor } from '../consent/to-person-id.ts'
import type { ContentTickets } from '../documents/content-tickets.ts'
import { createDocumentResolvers } from '../documents/document-resolvers.ts'
import type { IdSealer } from '../opaque-tokens/id-sealer.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RegionWaitRecorder } from '../regions/region-wait-recorder.ts'
import type { RequestContext } from '../request/request-context.ts'
import type { FieldResolver, FieldResolvers, PlannedResolvers } from '../request/resolvers.ts'
import { createLocationRedaction } from './location-redaction.ts'
import type { PatientView } from './patient-view.ts'
import { toRegionalAlias } from './plan-records.ts'
import { planView } from './plan-view.ts'
import type { CursorCodec } from './timeline-cursor.ts'
import { viewPatients } from './view-patients.ts'

export interface ViewResolversOptions {
  readonly clients: readonly RegionClient[]
  /** Each region's policies, by region code. */
  readonly policies: ReadonlyMap<string, Policies>
  readonly decideAccess: DecideAccess
  readonly cursors: CursorCodec
  readonly tickets: ContentTickets
  readonly sealer: IdSealer
  readonly now: () => number
  readonly regionalSchemas: ReadonlyMap<string, GraphQLSchema>
  /** Whether a region's change feed is current, by region code. */
  readonly isFeedCurrent: (region: string) => boolean
  readonly isFlagged: IsFlagged
}

interface PatientArgs {
  readonly access?: Partial<AccessContext> | null
  readonly regions?: readonly string[] | null
  readonly noCache?: boolean | null
}

const maxPatientsPerRequest = 50

/** Creates the resolvers of the patient view, each over a merged view. */
export function createViewResolvers(options: ViewResolversOptions): PlannedResolvers {
  const { clients, policies, decideAccess, cursors, tickets, sealer, now, regionalSchemas, isFeedCurrent, isFlagged } =
    options
  const regions = clients.map(({ region }) => region)
  const clientOf = (code: string) => clients.find(({ region }) => region.code === code)
  const viewOptions = {
    clients,
    decideAccess,
    cursors,
    isFlagged,
    redaction: createLocationRedaction(regionalSchemas.values(), sealer),
  }
  const view = async (
    nhsNumbers: readonly string[],
    birthDate: string | null,
    { access, regions: requestedRegions, noCache }: PatientArgs,
    request: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<readonly PatientView[]> => {
    const { holder, loader, requestId, recorder } = request
    const context = toContext(access, holder)
    const { views, validity } = await viewPatients({
      ...viewOptions,
      nhsNumbers,
      birthDate,
      context,
      regions: requestedRegions ?? null,
      holder,
      plan: planView(info, regions),
      noCache: noCache ?? false,
      loader,
      stages: recorder,
    })
    // On disk before the answer can leave (gateway/README.md, rule 9). A number that is requested twice is one
    // patient, viewed once.
    const distinct = [...new Set(views)]
    const events = await request.recordViews(distinct, { holder, requestId, context, info, recorder })
    // The write to disk takes time, so views from the cache are validated again.
    if (validity && !validity.isValid())
      return view(
        nhsNumbers,
        birthDate,
        { access: access ?? null, regions: requestedRegions ?? null, noCache: true },
        request,
        info,
      )
    for (const one of distinct) recorder.recordView(one)
    if (validity) request.dependencies?.add({ validity, events, views: distinct })
    return views
  }
  const documents = createDocumentResolvers({
    clients,
    decideAccess,
    tickets,
    sealer,
    isFlagged,
    now,
    viewPatient: async (nhsNumber, plan, context, request, info) => {
      const { holder, loader, requestId, recorder } = request
      const { views } = await viewPatients({
        ...viewOptions,
        nhsNumbers: [nhsNumber],
        birthDate: null,
        context,
        regions: null,
        holder,
        plan,
        noCache: false,
        loader,
        stages: recorder,
      })
      const [found] = views
      if (!found) throw new Error('Expected a view of the requested number')
      await request.recordViews([found], { holder, requestId, context, info, recorder })
      return found
    },
  })

  return {
    scalars,
    Query: {
      patient: async (
        _,
        { nhsNumber, birthDate, ...args }: PatientArgs & { nhsNumber: string; birthDate?: string | null },
        context: RequestContext,
        info,
      ) => (await view([nhsNumber], birthDate ?? null, args, context, info))[0],
      patients: (
        _,
        { nhsNumbers, ...args }: PatientArgs & { nhsNumbers: readonly string[] },
        context: RequestContext,
        info,
      ) => {
        if (nhsNumbers.length > maxPatientsPerRequest)
          throw fault(
            'TOO_MANY_PATIENTS',
            `Expected at most ${maxPatientsPerRequest} NHS numbers, found ${nhsNumbers.length}.`,
          )
        return view(nhsNumbers, null, args, context, info)
      },
      document: (_, { id, access }: Pick<PatientArgs, 'access'> & { id: string }, context: RequestContext, info) =>
        documents.findDocument(id, toContext(access, context.holder), context, info),
      regions: () => regions,
      viewer: (_, __, { holder }: RequestContext) => ({
        id: holder.id,
        name: holder.name,
        role: holder.role,
        organisation: holder.organisation,
        regions: findOrganisationRegions(holder.organisation.odsCode).filter((code) =>
          regions.some((region) => region.code === code),
        ),
        purpose: toDefaultPurpose(holder),
      }),
    },
    fields: {
      Region: {
        notice: {
          cacheable: true,
          async: false,
          resolve: ({ code }: RegionConfiguration) => policies.get(code)?.settings.notice,
        },
        health: {
          cacheable: false,
          async: true,
          resolve: async ({ code }: RegionConfiguration, _, { holder, recorder }: RequestContext) => ({
            available: await isReady(clientOf(code), holder.id, recorder),
            suspendedUntil: toInstant(clientOf(code)?.suspendedUntilMs(holder.id) ?? null),
            feedConnected: isFeedCurrent(code),
            policyVersion: policies.get(code)?.version,
          }),
        },
      },
      Patient: {
        records: {
          cacheable: true,
          async: false,
          resolve: ({ records }: PatientView) =>
            records.map(({ result, record }) => ({
              ...record,
              __typename: `${result.region.typePrefix}Record`,
              region: result.region,
            })),
        },
        ...Object.fromEntries(
          sectionFields.map((field): [string, FieldResolver] => [
            field,
            { cacheable: true, async: false, resolve: (patient: PatientView, args) => patient.section(field, args) },
          ]),
        ),
      },
      // Its url names the viewer, and expires.
      Document: { content: { cacheable: false, async: false, resolve: documents.toContent } },
      ...toRegionalResolvers(regions, regionalSchemas),
    },
  }
}

async function isReady(client: RegionClient | undefined, viewer: string, waits: RegionWaitRecorder): Promise<boolean> {
  if (!client) return false
  const askedAtMs = performance.now()
  const ready = await client.isReady(viewer)
  waits.recordOperationWait(client.region.code, ready ? 'ANSWERED' : 'UNREACHABLE', askedAtMs)
  return ready
}

function toInstant(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}

const defaultContexts = new WeakMap<TokenHolder, AccessContext>()

/** Completes the client's access context. Without one, a viewer gets the same object each time. */
function toContext(access: Partial<AccessContext> | null | undefined, holder: TokenHolder): AccessContext {
  if (!access) {
    const accessContext = defaultContexts.get(holder) ?? toDefaultContext(holder)
    defaultContexts.set(holder, accessContext)
    return accessContext
  }
  const { purpose, relationship, reason, supervisor } = access
  return {
    purpose: purpose ?? toDefaultPurpose(holder),
    relationship: relationship ?? null,
    reason: reason ?? null,
    supervisor: toSupervisor(supervisor),
  }
}

/** Reads regional fields with arguments under the gateway's alias, all others under their own name. */
function toRegionalResolvers(
  regions: readonly RegionConfiguration[],
  schemas: ReadonlyMap<string, GraphQLSchema>,
): FieldResolvers {
  const resolvers: Record<string, FieldResolvers[string]> = {}
  for (const { code, typePrefix } of regions) {
    const schema = schemas.get(code)
    for (const type of Object.values(schema?.getTypeMap() ?? {})) {
      if (
        !isObjectType(type) ||
        isIntrospectionType(type) ||
        type === schema?.getQueryType() ||
        type === schema?.getMutationType()
      )
        continue
      const fields = Object.values(type.getFields()).filter((field) => field.args.length > 0)
      if (fields.length === 0) continue
      resolvers[typePrefix + type.name] = Object.fromEntries(
        fields.map((field): [string, FieldResolver] => [
          field.name,
          {
            cacheable: true,
            async: false,
            resolve: (source, _, { fieldNodes: [node] }) => node && source[toRegionalAlias(node)],
          },
        ]),
      )
    }
  }
  return resolvers
}
