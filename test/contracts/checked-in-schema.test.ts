import { globSync, readFileSync } from 'node:fs'
import {
  buildSchema,
  type GraphQLNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
  parse,
  validate,
} from 'graphql'
import { describe, expect, test } from 'vitest'
import { printComposedSchema } from '../../gateway/operation/print-composed-schema.ts'
import { generateFiles } from '../../schema/generate.ts'
import { loadRegions } from '../../schema/regions.ts'
import { readRegionalSdl } from '../../schema/sdl.ts'

const schemaFile = (name: string) => readFileSync(new URL(`../../schema/${name}`, import.meta.url), 'utf8')
const operations = globSync('*.graphql', { cwd: new URL('../../schema/operations/', import.meta.url) })

describe('the checked-in contracts', () => {
  test('the composed schema is the one that the SDL composes to', () => {
    expect(schemaFile('composed.graphql')).toBe(printComposedSchema())
  })

  test('the generated types are those of the SDL', async () => {
    for (const [name, content] of await generateFiles()) expect(schemaFile(name), name).toBe(content)
  })

  test('everything in the public schema and in each region has a description', () => {
    const schemas = [schemaFile('composed.graphql'), ...loadRegions().map(readRegionalSdl)]
    const silent = schemas.flatMap((sdl) => Object.values(buildSchema(sdl).getTypeMap()).flatMap(undescribed))
    expect(silent).toEqual([])
  })

  test('the regional types of the composed schema share no name with one another or with the patient view', () => {
    const types = Object.keys(buildSchema(schemaFile('composed.graphql')).getTypeMap())
    for (const { typePrefix } of loadRegions())
      expect(types.filter((name) => name.startsWith(typePrefix)).length).toBeGreaterThan(40)
    expect(types).not.toContain('PatientReply')
    expect(types).not.toContain('ViewReply')
  })

  test.each(operations)('the published operation %s is valid', (name) => {
    const schema = buildSchema(schemaFile('composed.graphql'))
    expect(validate(schema, parse(schemaFile(`operations/${name}`)))).toEqual([])
  })
})

/** The elements of a type that an integrator would find without a word. */
function undescribed(type: GraphQLNamedType): readonly string[] {
  if (isIntrospectionType(type) || isSpecifiedScalarType(type)) return []
  const silent = type.description || type.name === 'Query' ? [] : [type.name]
  if (isEnumType(type))
    silent.push(...type.getValues().flatMap(({ name, description }) => (description ? [] : [`${type.name}.${name}`])))
  if (isInputObjectType(type))
    silent.push(
      ...Object.values(type.getFields()).flatMap(({ name, description }) =>
        description ? [] : [`${type.name}.${name}`],
      ),
    )
  if (isObjectType(type) || isInterfaceType(type)) {
    for (const field of Object.values(type.getFields())) {
      if (!field.description) silent.push(`${type.name}.${field.name}`)
      silent.push(
        ...field.args.flatMap(({ name, description }) => (description ? [] : [`${type.name}.${field.name}(${name})`])),
      )
    }
  }
  return silent
}
