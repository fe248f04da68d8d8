import { type GraphQLResolveInfo, type GraphQLSchema, isIntrospectionType, isObjectType } from 'graphql'
import type { AccessContext } from '../../schema/assertion.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { regionsOf } from '../../schema/organisations.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { scalars } from '../../schema/scalars.ts'
import type { Resolver, Resolvers } from '../composition/resolvers.ts'
import type { RegionClient } from '../regions/region-client.ts'
import type { RequestContext } from '../request-context.ts'
import { createLocationProtection } from './location-protection.ts'
import type { PatientView } from './patient-view.ts'
import { regionalResponseKey } from './plan-records.ts'
import { planView } from './plan-view.ts'
import { sectionTable } from './section-table.ts'
import type { CursorCodec } from './timeline-cursor.ts'
import { viewPatients } from './view-patients.ts'

export interface ViewResolversOptions {
  readonly clients: readonly RegionClient[]
  readonly cursors: CursorCodec
  readonly regionalSchemas: ReadonlyMap<string, GraphQLSchema>
}

interface PatientArgs {
  readonly access?: Partial<AccessContext> | null
  readonly regions?: readonly string[] | null
}

const mostPatients = 50

/** The resolvers of the patient view, each over a merged view. */
export function createViewResolvers({ clients, cursors, regionalSchemas }: ViewResolversOptions): Resolvers {
  const regions = clients.map(({ region }) => region)
  const protectLocation = createLocationProtection(regionalSchemas.values())
  const view = (nhsNumbers: readonly string[], birthDate: string | null, { access, regions: asked }: PatientArgs, { holder, loader }: RequestContext, info: GraphQLResolveInfo) =>
    viewPatients({
      nhsNumbers,
      birthDate,
      context: toContext(access),
      regions: asked ?? null,
      holder,
      plan: planView(info, regions),
      clients,
      loader,
      cursors,
      protectLocation,
    })

  return {
    ...scalars,
    Query: {
      patient: async (_, { nhsNumber, birthDate, ...args }: PatientArgs & { nhsNumber: string; birthDate?: string | null }, context: RequestContext, info) =>
        (await view([nhsNumber], birthDate ?? null, args, context, info))[0],
      patients: (_, { nhsNumbers, ...args }: PatientArgs & { nhsNumbers: readonly string[] }, context: RequestContext, info) => {
        if (nhsNumbers.length > mostPatients) throw fault('TOO_MANY_PATIENTS', `Expected at most ${mostPatients} NHS numbers, found ${nhsNumbers.length}.`)
        return view(nhsNumbers, null, args, context, info)
      },
      regions: () => regions,
      viewer: (_, __, { holder }: RequestContext) => ({
        id: holder.id,
        name: holder.name,
        role: holder.role,
        organisation: holder.organisation,
        regions: regionsOf(holder.organisation.odsCode).filter((code) => regions.some((region) => region.code === code)),
        purpose: 'DIRECT_CARE',
      }),
    },
    Region: {
      health: async ({ code }: RegionConfiguration) => ({
        available: (await clients.find(({ region }) => region.code === code)?.isReady()) ?? false,
        suspendedUntil: null,
        feedConnected: false,
        policyVersion: null,
      }),
    },
    Patient: {
      records: ({ records }: PatientView) => records.map(({ part, record }) => ({ ...record, __typename: `${part.region.typePrefix}Record`, region: part.region })),
      ...Object.fromEntries(Object.keys(sectionTable).map((field): [string, Resolver] => [field, (patient: PatientView, args) => patient.section(field, args)])),
    },
    ...regionalResolvers(regions, regionalSchemas),
  }
}

function toContext(access: Partial<AccessContext> | null | undefined): AccessContext {
  const { purpose, relationship, reason, supervisor } = access ?? {}
  return { purpose: purpose ?? 'DIRECT_CARE', relationship: relationship ?? null, reason: reason ?? null, supervisor: supervisor ?? null }
}

/** Regional fields with arguments arrive under the client's response key; all others under their own name. */
function regionalResolvers(regions: readonly RegionConfiguration[], schemas: ReadonlyMap<string, GraphQLSchema>): Resolvers {
  const resolvers: Resolvers = {}
  for (const { code, typePrefix } of regions) {
    for (const type of Object.values(schemas.get(code)?.getTypeMap() ?? {})) {
      if (!isObjectType(type) || isIntrospectionType(type) || type.name === 'Query') continue
      const fields = Object.values(type.getFields()).filter((field) => field.args.length > 0)
      if (fields.length === 0) continue
      resolvers[typePrefix + type.name] = Object.fromEntries(
        fields.map((field): [string, Resolver] => [field.name, (source, _, __, { path }) => source[regionalResponseKey(String(path.key))]]),
      )
    }
  }
  return resolvers
}
