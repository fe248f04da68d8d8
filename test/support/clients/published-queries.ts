import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { type DocumentNode, Kind, type OperationDefinitionNode, parse } from 'graphql'
import { publishedOperation } from '../published-operation.ts'
import type { System } from '../system.ts'

/** The names of all published operations, by their files. */
export const publishedNames: readonly string[] = globSync('*.graphql', {
  cwd: new URL('../../../schema/operations/', import.meta.url),
}).map((file) => basename(file, '.graphql'))

/** Those that a clinician's viewer reads with. */
export const publishedQueries: readonly string[] = publishedNames.filter((name) => {
  const text = publishedOperation(name)
  return /^query /m.test(text) && !/^# For (privacy officers|the programme office):/.test(text)
})

export interface PublishedOperation {
  readonly document: DocumentNode
  readonly variables: Readonly<Record<string, unknown>>
}

/**
 * A published operation with those of the examples that it declares as variables. Throws where one that it needs is
 * missing.
 */
export function readPublishedOperation(name: string, examples: Readonly<Record<string, unknown>>): PublishedOperation {
  const document = parse(publishedOperation(name))
  const operation = document.definitions.find(
    (one): one is OperationDefinitionNode => one.kind === Kind.OPERATION_DEFINITION,
  )
  const declared = operation?.variableDefinitions ?? []
  const missing = declared.filter(
    ({ type, defaultValue, variable }) =>
      type.kind === Kind.NON_NULL_TYPE && !defaultValue && !(variable.name.value in examples),
  )
  if (missing.length > 0)
    throw new Error(`Expected an example for ${missing.map(({ variable }) => variable.name.value)} of ${name}`)
  const names = declared.map(({ variable }) => variable.name.value)
  return { document, variables: Object.fromEntries(Object.entries(examples).filter(([key]) => names.includes(key))) }
}

/**
 * Values for the variables that published operations declare: a patient with every section in both regions, a ward of
 * two, a document.
 */
export async function findExampleVariables(system: System): Promise<Readonly<Record<string, unknown>>> {
  const { data, errors } = await system.query(
    '{ patient(nhsNumber: "9990000328") { documents(first: 1) { nodes { id } } } }',
  )
  if (errors.length > 0) throw new Error(`Expected a document: ${JSON.stringify(errors)}`)
  return {
    nhsNumber: '9990000018',
    nhsNumbers: ['9990000018', '9990000190'],
    first: 10,
    id: data.patient.documents.nodes[0].id,
  }
}
