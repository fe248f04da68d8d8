import { stitchSchemas } from '@graphql-tools/stitch'
import { FilterTypes, RenameTypes } from '@graphql-tools/wrap'
import {
  type DocumentNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  type InterfaceTypeDefinitionNode,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isScalarType,
  type ObjectTypeDefinitionNode,
  parse,
  visit,
} from 'graphql'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { Resolvers } from '../request/resolvers.ts'

/** Types that regions and the patient view share under one name; all scalars are shared too. */
const sharedTypes = new Set(['RegionalRecord', 'Identifier'])

export interface ComposeSchemaOptions {
  readonly regions: readonly RegionConfiguration[]
  /** The patient view's SDL. */
  readonly publicSdl: string
  /** Each region's own schema, by region code. */
  readonly regionalSchemas: ReadonlyMap<string, GraphQLSchema>
  /** New objects for each composition, because stitching mutates them. A type may be spread over several. */
  readonly resolvers: readonly Resolvers[]
}

/**
 * Composes the public schema: the patient view, and each region's Record and its types under the region's type
 * prefix.
 * The regions' root fields and reply envelopes are left out, so a client reaches a region only through the view's
 * checks.
 */
export function composeSchema({ regions, publicSdl, regionalSchemas, resolvers }: ComposeSchemaOptions): GraphQLSchema {
  return stitchSchemas({
    subschemas: regions.flatMap((region) => {
      const schema = regionalSchemas.get(region.code)
      if (!schema) return []
      const offered = findReachableTypes(schema, 'Record')
      return [
        {
          schema,
          transforms: [
            new FilterTypes((type) => offered.has(type.name)),
            new RenameTypes((name) =>
              sharedTypes.has(name) || isScalarType(schema.getType(name)) ? name : region.typePrefix + name,
            ),
          ],
        },
      ]
    }),
    typeDefs: parseSdl([publicSdl, printRegionCode(regions), ...regions.map(printRegionalRecord)].join('\n')),
    resolvers: [...resolvers],
    inheritResolversFromInterfaces: false,
  })
}

/** Parses SDL. graphql 17 omits the empty lists of interfaces that stitching expects. */
function parseSdl(sdl: string): DocumentNode {
  const withInterfaces = <Node extends ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode>(node: Node) => ({
    ...node,
    interfaces: node.interfaces ?? [],
  })
  return visit(parse(sdl), { ObjectTypeDefinition: withInterfaces, InterfaceTypeDefinition: withInterfaces })
}

function printRegionCode(regions: readonly RegionConfiguration[]): string {
  const values = regions.map(
    ({ code, name, applicationName }) => `  "${name}; its viewer is ${applicationName}."\n  ${code}`,
  )
  return `"A region, by the list of regions this gateway was started with."\nenum RegionCode {\n${values.join('\n')}\n}`
}

function printRegionalRecord({ typePrefix, name }: RegionConfiguration): string {
  return `"What ${name} holds of one patient, unmerged, in its own words."\ntype ${typePrefix}Record {\n  "The region that holds this record."\n  region: Region!\n}`
}

/** Returns the names of all types, input types included, that are reachable from one type. */
function findReachableTypes(schema: GraphQLSchema, root: string): ReadonlySet<string> {
  const reached = new Set<string>()
  const reach = (type: GraphQLNamedType) => {
    if (reached.has(type.name)) return
    reached.add(type.name)
    if (isInputObjectType(type)) for (const field of Object.values(type.getFields())) reach(getNamedType(field.type))
    if (!isObjectType(type) && !isInterfaceType(type)) return
    type.getInterfaces().forEach(reach)
    for (const field of Object.values(type.getFields())) {
      reach(getNamedType(field.type))
      for (const argument of field.args) reach(getNamedType(argument.type))
    }
  }
  const type = schema.getType(root)
  if (type) reach(type)
  return reached
}
