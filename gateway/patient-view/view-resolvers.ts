import { type GraphQLResolveInfo, type GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql'
import type { AccessContext } from '../../schema/assertion.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { findOrganisationRegions } from '../../schema/organisations.ts'
import type { Policies } from '../../schema/policies/create-policies.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { scalars } from '../../schema/scalars.ts'
import { sectionFields } from '../../schema/sections.ts'
import { toAccessContext, toDefaultPurpose } from '../consent/default-context.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RegionWaitRecorder } from '../regions/region-wait-recorder.ts'
import type { RequestContext } from '../request/request-context.ts'
import type { FieldResolver, FieldResolvers, PlannedResolvers } from '../request/resolvers.ts'
import type { PatientView } from './patient-view.ts'
import type { PatientViewer } from './patient-viewer.ts'
import { toRegionalAlias } from './plan-records.ts'
import { planView } from './plan-view.ts'

export interface ViewResolversOptions {
  readonly viewPatients: PatientViewer
  readonly clients: readonly RegionClient[]
  /** Each region's policies, by region code. */
  readonly policies: ReadonlyMap<string, Policies>
  readonly regionalSchemas: ReadonlyMap<string, GraphQLSchema>
  /** Whether a region's change feed is current, by region code. */
  readonly isFeedCurrent: (region: string) => boolean
}

interface PatientArgs {
  readonly access?: Partial<AccessContext> | null
  readonly regions?: readonly string[] | null
  readonly noCache?: boolean | null
}

const maxPatientsPerRequest = 50

/** Creates the resolvers of the patient view, each over a merged view. */
export function createViewResolvers({
  viewPatients,
  clients,
  policies,
  regionalSchemas,
  isFeedCurrent,
}: ViewResolversOptions): PlannedResolvers {
  const regions = clients.map(({ region }) => region)
  const clientOf = (code: string) => clients.find(({ region }) => region.code === code)
  const view = async (
    nhsNumbers: readonly string[],
    birthDate: string | null,
    { access, regions: requestedRegions = null, noCache }: PatientArgs,
    request: RequestContext,
    info: GraphQLResolveInfo,
  ): Promise<readonly PatientView[]> => {
    const context = toAccessContext(access, request.holder)
    const plan = planView(info, regions)
    const requested = { nhsNumbers, birthDate, context, regions: requestedRegions, plan, noCache: noCache ?? false }
    const { views, validity, events } = await viewPatients(requested, request, info)
    // The write to disk takes time, so views from the cache are validated again.
    if (validity && !validity.isValid())
      return view(
        nhsNumbers,
        birthDate,
        { access: access ?? null, regions: requestedRegions, noCache: true },
        request,
        info,
      )
    const distinct = [...new Set(views)]
    for (const one of distinct) request.recorder.recordView(one)
    if (validity) request.dependencies?.add({ validity, events, views: distinct })
    return views
  }
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
