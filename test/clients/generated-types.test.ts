import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { codegen } from '@graphql-codegen/core'
import * as typescript from '@graphql-codegen/typescript'
import * as typescriptOperations from '@graphql-codegen/typescript-operations'
import { parse } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publishedNames } from '../support/clients/published-queries.ts'
import { publishedOperation } from '../support/published-operation.ts'

const schema = parse(readFileSync(new URL('../../schema/composed.graphql', import.meta.url), 'utf8'))

/** What a client's own code generation is set to: scalars are strings on the wire, answers are read only. */
const config = {
  enumsAsTypes: true,
  immutableTypes: true,
  scalars: { NHSNumber: 'string', DateTime: 'string', PartialDateTime: 'string', Decimal: 'string', ID: 'string' },
}

/** A part of a viewer, as its developer writes it. */
const viewerProgram = `import type { FullRecordQuery, PatientSummaryQuery, PatientSummaryQueryVariables, RegionalRecordsQuery, RegionStatus, ResultsTimelineQuery, WardListQuery } from './operations.ts'
import type { Patient, RegionCode } from './schema.ts'

export const variables: PatientSummaryQueryVariables = { nhsNumber: '9990000018', access: { purpose: 'EMERGENCY' } }

export function toHeadline({ patient }: PatientSummaryQuery): string {
  const silent = patient.completeness.regions.filter(({ status }) => status !== 'ANSWERED').map(({ region, message }) => region.applicationName + ': ' + message)
  return [patient.demographics?.name?.full ?? 'Name not known', patient.completeness.message, ...silent].join(' ')
}

export function toAllergyLines({ patient: { allergies } }: PatientSummaryQuery): readonly string[] {
  return allergies.complete ? allergies.nodes.map(({ substance, sources }) => substance.text + ' ' + sources.map(({ region }): RegionCode => region)) : [allergies.message]
}

export function toValues({ patient: { results } }: ResultsTimelineQuery): readonly string[] {
  return results.nodes.map(({ value, quantity, effective }) => (effective ?? 'undated') + ' ' + (quantity ? quantity.value + (quantity.unit ?? '') : (value ?? '')))
}

export function findOptOut({ patient }: RegionalRecordsQuery): boolean {
  return patient.records.some((record) => 'regionOptOut' in record && record.regionOptOut)
}

export function toWords(status: RegionStatus): string {
  switch (status) {
    case 'ANSWERED':
      return ''
    default:
      return status
  }
}

export const ofWard = ({ patients }: WardListQuery): readonly string[] => patients.map(({ askedNhsNumber }) => askedNhsNumber)
export const grantsOf = ({ patient }: FullRecordQuery): readonly (string | null | undefined)[] => patient.completeness.regions.map(({ decision }) => decision?.grant)
export const presenceOf = ({ presence }: Patient): 'FOUND' | 'NOT_FOUND' | 'UNDETERMINED' => presence
`

/** Mistakes that the types must catch: one a line, and the compiler's code for it. */
const mistakes = [
  [
    "import type { EncountersTimelineQuery, PatientSummaryQuery, PatientSummaryQueryVariables, ResultsTimelineQuery } from './operations.ts'",
    null,
  ],
  ["export const noNumber: PatientSummaryQueryVariables = { access: { purpose: 'DIRECT_CARE' } }", 'TS2741'],
  [
    "export const noSuchPurpose: PatientSummaryQueryVariables = { nhsNumber: '9990000018', access: { purpose: 'RESEARCH' } }",
    'TS2322',
  ],
  [
    'export const nameUnchecked = ({ patient }: PatientSummaryQuery): string => patient.demographics.birthDate ?? ""',
    'TS18047',
  ],
  ['export const notAsked = ({ patient }: PatientSummaryQuery): unknown => patient.results', 'TS2339'],
  [
    'export const decisionNotAsked = ({ patient }: EncountersTimelineQuery): unknown => patient.completeness.regions[0]?.decision',
    'TS2339',
  ],
  [
    'export const decimalAsNumber = ({ patient }: ResultsTimelineQuery): number => patient.results.nodes[0]?.quantity?.value ?? 0',
    'TS2322',
  ],
  [
    "export const noSuchStatus = ({ patient }: PatientSummaryQuery): boolean => patient.completeness.regions[0]?.status === 'OK'",
    'TS2367',
  ],
  ['export const written = ({ patient }: PatientSummaryQuery): void => { patient.presence = "FOUND" }', 'TS2540'],
] as const

describe("a client's types, generated from the checked-in schema and operations", () => {
  const folder = mkdtempSync(join(tmpdir(), 'share2care-client-'))
  beforeAll(async () => {
    const documents = publishedNames.map((name) => ({
      location: `${name}.graphql`,
      document: parse(publishedOperation(name)),
    }))
    const files = {
      'schema.ts': await codegen({
        filename: 'schema.ts',
        schema,
        documents: [],
        config,
        plugins: [{ typescript: {} }],
        pluginMap: { typescript },
      }),
      'operations.ts': await codegen({
        filename: 'operations.ts',
        schema,
        documents,
        config,
        plugins: [{ typescriptOperations: {} }],
        pluginMap: { typescriptOperations },
      }),
      'viewer.ts': viewerProgram,
      'mistakes.ts': mistakes.map(([line]) => line).join('\n'),
    }
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  test('compile under --strict, with a viewer that reads what it asked for', () => {
    expect(compile(folder, 'viewer.ts')).toEqual([])
  })

  test('catch each of the mistakes that a viewer could make', () => {
    const expected = mistakes.flatMap(([, code], index) => (code ? [`mistakes.ts:${index + 1} ${code}`] : []))
    expect(compile(folder, 'mistakes.ts')).toEqual(expected)
  })
})

const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc')

/** The compiler's errors in a file and what it imports, as `file:line code`. */
function compile(folder: string, file: string): readonly string[] {
  const options = [
    '--ignoreConfig',
    '--strict',
    '--noUncheckedIndexedAccess',
    '--noEmit',
    '--allowImportingTsExtensions',
    '--target',
    'esnext',
    '--module',
    'nodenext',
  ]
  try {
    execFileSync(process.execPath, [tsc, ...options, '--types', '', '--pretty', 'false', file], {
      cwd: folder,
      encoding: 'utf8',
    })
    return []
  } catch (error) {
    const { stdout } = error as { readonly stdout: string }
    const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith(' '))
    return lines.map((line) => line.replace(/^([^(]+)\((\d+),\d+\): error (TS\d+):.*$/, '$1:$2 $3'))
  }
}
