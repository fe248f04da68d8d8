import { readFileSync } from 'node:fs'
import { buildSchema } from 'graphql'
import { createDocumentReader } from '../../gateway/server/document-reader.ts'
import { operationLimits } from '../../gateway/server/operation-limits.ts'
import { describeMachine } from '../support/bench/measure.ts'
import { parseOptions } from '../support/bench/options.ts'
import { cpuMsOf } from '../support/bench/process-cost.ts'
import { startDenseProcesses } from '../support/dense-processes.ts'
import { publishedOperation } from '../support/published-operation.ts'

interface Subject {
  readonly query: string
  readonly variables?: Readonly<Record<string, unknown>>
  readonly scope?: 'reports'
}

/**
 * Does an operation's cost say how much processor time gateway and stores take for it, beside the least operation,
 * which takes what every request does? Patients' pages are full; nothing is from a cache.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { rounds, warm, patients } = parseOptions(args, { rounds: 40, warm: 40, patients: 10 })
  await using services = await startDenseProcesses({ patients, gateway: { CACHE_MEGABYTES: '0' } })
  const { url, pids, nhsNumbers } = services
  const tokens = { care: await services.token(), reports: await services.token({ scope: 'reports' }) }
  const ask = async ({ query, variables = {}, scope }: Subject): Promise<string> => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${tokens[scope ?? 'care']}` }
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    })
    const text = await response.text()
    if (!response.ok || text.includes('"errors"') || text.includes('TIMED_OUT'))
      throw new Error(`Expected an answer, found ${response.status}: ${text.slice(0, 300)}`)
    return text
  }
  const document = JSON.parse(
    await ask({ query: `{ patient(nhsNumber: "${nhsNumbers[0]}") { documents(first: 1) { nodes { id } } } }` }),
  ).data.patient.documents.nodes[0].id
  const subjects = toSubjects(nhsNumbers, document)
  console.log(
    `${describeMachine()}; a gateway and two stores as processes, ${patients} patients, ${rounds} rounds after ${warm}, one at a time; processor time of all three.`,
  )
  const rows: { readonly name: string; readonly cost: number; readonly cpuMs: number; readonly bytes: number }[] = []
  for (const [name, subject] of Object.entries(subjects)) {
    for (let round = 0; round < warm; round++) await ask(subject)
    const before = pids.map(cpuMsOf)
    let bytes = 0
    for (let round = 0; round < rounds; round++) bytes = (await ask(subject)).length
    const cpuMs = pids.reduce((sum, pid, index) => sum + cpuMsOf(pid) - (before[index] ?? 0), 0) / rounds
    rows.push({ name, cost: costOf(subject), cpuMs, bytes })
  }
  const [least, ...others] = rows
  const toEach = ({ cpuMs, cost }: (typeof rows)[number]) => (1000 * (cpuMs - (least?.cpuMs ?? 0))) / cost
  const each = others.map(toEach).toSorted((a, b) => a - b)
  const median = each[Math.floor(each.length / 2)] ?? Number.NaN
  const round = (value: number, digits: number) => Number(value.toFixed(digits))
  const table = rows.map((row) => [
    row.name,
    {
      cost: row.cost,
      'CPU ms': round(row.cpuMs, 1),
      'us / cost': round(toEach(row), 2),
      ratio: round(toEach(row) / median, 2),
      bytes: row.bytes,
    },
  ])
  console.table(Object.fromEntries(table))
  console.log(
    `Beyond the least operation; the ratio is to the median. The limit of ${operationLimits.maxCost} is ${round((operationLimits.maxCost * median) / 1000, 0)} ms by it.`,
  )
}

function toSubjects(nhsNumbers: readonly string[], document: string): Readonly<Record<string, Subject>> {
  const [nhsNumber] = nhsNumbers
  const one = (selection: string) => ({
    query: `{ patient(nhsNumber: "${nhsNumber}", noCache: true) { ${selection} } }`,
  })
  const several = (selection: string) => ({
    query: `query ($n: [NHSNumber!]!) { patients(nhsNumbers: $n, noCache: true) { ${selection} } }`,
    variables: { n: nhsNumbers },
  })
  const roots = (selection: string) => ({
    query: `{ ${nhsNumbers.map((number, index) => `a${index}: patient(nhsNumber: "${number}", noCache: true) { ${selection} }`).join(' ')} }`,
  })
  return {
    'the least operation': { query: '{ viewer { id } }' },
    'a patient': one('presence'),
    'several patients': several('presence'),
    'a patient under each of several aliases': roots('presence'),
    'a page of ids': one('results(first: 100) { nodes { id } }'),
    'a page, possible duplicates': one('results(first: 100) { nodes { id possibleDuplicates } }'),
    'a page, conflicts': one('results(first: 100) { nodes { id conflicts { field } } }'),
    'pages of several patients': several('results(first: 100) { nodes { id } }'),
    'pages of several patients, conflicts': several(
      'results(first: 100) { nodes { id conflicts { field } } } documents(first: 100) { nodes { id conflicts { field } } }',
    ),
    'one section under twelve aliases': one(
      Array.from({ length: 12 }, (_, n) => `a${n}: results(first: 100) { nodes { id code { text } value } }`).join(' '),
    ),
    'a summary': { query: publishedOperation('patient-summary'), variables: { nhsNumber } },
    'a full record': { query: publishedOperation('full-record'), variables: { nhsNumber } },
    'a regional record': one(
      'records { ... on CheshireMerseysideRecord { results(first: 100) { nodes { id } } } ... on LancashireSouthCumbriaRecord { results(first: 100) { nodes { id } } } }',
    ),
    'a document': { query: `{ document(id: "${document}") { document { id title } } }` },
    'regions and their health': { query: '{ regions { code health { available } } }' },
    'a utilisation report': { query: publishedOperation('utilisation-report'), scope: 'reports' },
  }
}

const read = createDocumentReader({
  schema: buildSchema(readFileSync(new URL('../../schema/composed.graphql', import.meta.url), 'utf8')),
  introspection: 'off',
  limits: { ...operationLimits, maxCost: -1 },
})

function costOf({ query, variables = {} }: Subject): number {
  const reading = read(query)
  if (reading.status === 'refused')
    throw new Error(`Expected a valid operation, found ${reading.faults.map(({ message }) => message).join()}`)
  return Number(/found (\d+)/.exec(reading.checkCost(null, variables)?.message ?? '')?.[1])
}
