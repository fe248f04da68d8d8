import fc from 'fast-check'
import { buildSchema, type GraphQLObjectType, type GraphQLSchema, getNamedType, isObjectType } from 'graphql'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import { readRegionalSdl } from '../../../schema/sdl.ts'

/**
 * A selection in nobody's words yet: it is printed for the gateway, whose types have a region's prefix, and for the
 * region itself.
 */
export type Selection =
  | {
      readonly kind: 'field'
      readonly key: string
      readonly name: string
      readonly args: readonly string[]
      readonly directive: string
      readonly inner: readonly Selection[]
    }
  | {
      readonly kind: 'inline' | 'spread'
      readonly on: string | null
      readonly directive: string
      readonly inner: readonly Selection[]
    }

/** One `records` field: what it selects on each region's record, by region code. */
export interface RecordsField {
  readonly alias: string
  readonly selections: ReadonlyMap<string, readonly Selection[]>
}

export interface AnyRecords {
  readonly fields: readonly RecordsField[]
  /** What the client sends; a variable that is not here is not sent. */
  readonly values: Readonly<Record<string, unknown>>
}

/** Variables that selections name, some by names like the gateway's own; `T` stands for the region's prefix. */
const variables: Readonly<Record<string, { readonly type: string; readonly values: readonly unknown[] }>> = {
  first: { type: 'Int = 3', values: [undefined, null, 1, 2] },
  gw_0_numbers: { type: 'Int', values: [undefined, null, 2, 100] },
  gw_r_first: { type: 'Int! = 4', values: [undefined, 1] },
  all: { type: 'Boolean = true', values: [undefined, null, true, false] },
  yes: { type: 'Boolean! = true', values: [undefined, true, false] },
  no: { type: 'Boolean!', values: [true, false] },
  since: { type: 'PartialDateTime', values: [undefined, null, '2015', '2024-02'] },
  code: { type: 'ID!', values: ['1000661000000107', '386661006'] },
  status: { type: '[TMedicationStatus!] = [ACTIVE]', values: [undefined, null, ['ACTIVE', 'STOPPED'], []] },
  filter: { type: 'TResultFilter = { all: true }', values: [undefined, null, { all: true, category: 'LABORATORY' }] },
}

/** Texts of arguments, by field and argument. */
const given: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  problems: { status: ['[ACTIVE]', 'null', '[RESOLVED, ACTIVE]'] },
  medications: { status: ['$status', '[STOPPED]'], all: ['true', '$all', 'null'] },
  procedures: { since: ['"2020"', '$since', 'null'] },
  appointments: { since: ['"2020-01"', '$since'] },
  results: {
    first: ['1', '2', '$first', '$gw_0_numbers', '$gw_r_first', 'null'],
    filter: ['$filter', '{ all: $all }', '{ all: true, since: $since }'],
    after: ['"1600000000000.x"', 'null'],
  },
  encounters: { first: ['2', '$first', '$gw_r_first'], filter: ['{ all: true }', '{ since: $since, all: $all }'] },
  documents: {
    first: ['3', '$gw_0_numbers', 'null'],
    filter: ['{ status: [CURRENT, SUPERSEDED] }', '{ types: [$code] }', 'null'],
  },
}

const directives = fc.constantFrom(
  '',
  '',
  '',
  '',
  ' @include(if: $yes)',
  ' @skip(if: $no)',
  ' @include(if: true) @skip(if: $no)',
)

const schemas = new Map<string, GraphQLSchema>()

function schemaOf(region: RegionConfiguration): GraphQLSchema {
  const schema = schemas.get(region.slug) ?? buildSchema(readRegionalSdl(region))
  schemas.set(region.slug, schema)
  return schema
}

function recordOf(region: RegionConfiguration): GraphQLObjectType {
  return schemaOf(region).getType('Record') as GraphQLObjectType
}

/** On a record each field has its own name for key, until withKeys. */
function selectionOn(type: GraphQLObjectType, depth: number): fc.Arbitrary<readonly Selection[]> {
  const fields = Object.values(type.getFields()).filter((field) => depth > 0 || !isObjectType(getNamedType(field.type)))
  const one = fc.constantFrom(...fields).chain((field): fc.Arbitrary<Selection> => {
    const inner = getNamedType(field.type)
    const args = fc.tuple(
      ...Object.entries((depth === 2 ? given[field.name] : undefined) ?? {}).map(([name, texts]) =>
        fc.constantFrom('', ...texts.map((text) => `${name}: ${text}`)),
      ),
    )
    return fc.record({
      kind: fc.constant('field' as const),
      key: fc.constantFrom(field.name, `x_${field.name}`),
      name: fc.constant(field.name),
      args: args.map((texts) => texts.filter(Boolean)),
      directive: directives,
      inner: isObjectType(inner) ? selectionOn(inner, depth - 1) : fc.constant([]),
    })
  })
  const typeName = fc.record({
    kind: fc.constant('field' as const),
    key: fc.constantFrom('__typename', 'typeName'),
    name: fc.constant('__typename'),
    args: fc.constant([]),
    directive: directives,
    inner: fc.constant([]),
  })
  const fragment = fc.record({
    kind: fc.constantFrom('inline' as const, 'spread' as const),
    on: fc.constantFrom(type.name, type.name, ...(type.name === 'Record' ? [] : [null])),
    directive: directives,
    inner: fc.array(one, { minLength: 1, maxLength: 2 }),
  })
  return fc.array(
    fc.oneof({ weight: 7, arbitrary: one }, { weight: 1, arbitrary: typeName }, { weight: 2, arbitrary: fragment }),
    { minLength: 1, maxLength: 4 },
  )
}

/**
 * The same selections on a record, each field with other arguments under a key of its own: `a0`, `a1`, ... Another
 * `records` field has the same keys for other fields; within one, another region has `b0`, `b1`, ..., because keys of
 * two types must be of one shape.
 */
function withKeys(
  selections: readonly Selection[],
  letter: string,
  keys = new Map<string, string>(),
): readonly Selection[] {
  return selections.map((one): Selection => {
    if (one.kind !== 'field') return { ...one, inner: withKeys(one.inner, letter, keys) }
    if (one.name === '__typename') return one
    const call = `${one.name} ${one.args.join()}`
    const key = keys.get(call) ?? `${letter}${keys.size}`
    keys.set(call, key)
    return { ...one, key }
  })
}

/** Fields of `records` over two regions. Few are no valid operation: whoever runs them leaves those out. */
export function anyRecords(regions: readonly RegionConfiguration[]): fc.Arbitrary<AnyRecords> {
  const field = fc.tuple(...regions.map((region) => selectionOn(recordOf(region), 2)))
  const values = fc.record(
    Object.fromEntries(Object.entries(variables).map(([name, one]) => [name, fc.constantFrom(...one.values)])),
  )
  return fc.record({
    fields: fc.array(field, { minLength: 1, maxLength: 3 }).map((all) =>
      all.map((own, index) => {
        const selections = own.map(
          (one, place) => [regions[place]?.code ?? '', withKeys(one, (index + place) % 2 === 0 ? 'a' : 'b')] as const,
        )
        return { alias: `r${index}`, selections: new Map(selections) }
      }),
    ),
    values: values.map((all) => Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))),
  })
}

/** The operation that a client sends to the gateway. */
export function printForGateway(
  { fields }: Pick<AnyRecords, 'fields'>,
  regions: readonly RegionConfiguration[],
  nhsNumber: string,
): string {
  const fragments: string[] = []
  const body = fields.map(({ alias, selections }) => {
    const own = regions.map(
      (region) =>
        `... on ${region.typePrefix}Record { ${print(selections.get(region.code) ?? [], region.typePrefix, fragments, alias)} }`,
    )
    return `${alias}: records { ${own.join(' ')} }`
  })
  // Variables of a region's own types go to that region alone: the first one's here.
  return operation(
    `patient(nhsNumber: "${nhsNumber}", access: { relationship: ATTENDING }) { completeness { regions { status } } ${body.join(' ')} }`,
    fragments,
    regions[0]?.typePrefix ?? '',
  )
}

/** The plain query by which a region would be asked for one of the fields. */
export function printForRegion({ selections }: RecordsField, region: RegionConfiguration, nhsNumber: string): string {
  const fragments: string[] = []
  const body = print(selections.get(region.code) ?? [], '', fragments, 'f')
  return operation(
    `${region.viewField}(nhsNumbers: ["${nhsNumber}"]) { patients { record { ${body} } } }`,
    fragments,
    '',
  )
}

function print(selections: readonly Selection[], prefix: string, fragments: string[], name: string): string {
  return selections
    .map((one) => {
      const inner = print(one.inner, prefix, fragments, name)
      if (one.kind === 'field') {
        const args = one.args.length > 0 ? `(${one.args.join(', ')})` : ''
        return `${one.key}: ${one.name}${args}${one.directive} ${inner === '' ? '' : `{ ${inner} }`}`
      }
      const on = one.on === null ? '' : `on ${one.on === 'Identifier' ? '' : prefix}${one.on}`
      if (one.kind === 'inline' || on === '') return `... ${on}${one.directive} { ${inner} }`
      const fragment = `F${fragments.length}`
      fragments.push(`fragment ${fragment} ${on} { ${inner} }`)
      return `...${fragment}${one.directive}`
    })
    .join(' ')
}

function operation(body: string, fragments: readonly string[], prefix: string): string {
  const text = `{ ${body} } ${fragments.join(' ')}`
  const definitions = Object.entries(variables).flatMap(([name, { type }]) =>
    new RegExp(`\\$${name}\\b`).test(text)
      ? [`$${name}: ${type.replace(/\bT(?=[A-Z])|(?<=\[)T(?=[A-Z])/, prefix)}`]
      : [],
  )
  return `query Any${definitions.length > 0 ? `(${definitions.join(', ')})` : ''} ${text}`
}
