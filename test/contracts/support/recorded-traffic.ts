import { readFileSync } from 'node:fs'
import { expect, vi } from 'vitest'
import { listTrailFiles } from '../../../gateway/audit/trail-files.ts'
import { createRequestLog } from '../../../gateway/observability/metrics/request-log.ts'
import { loadPublishedOperations } from '../../../schema/published-operations.ts'
import { createOtlpSpans } from '../../../schema/service/otlp-spans.ts'
import { createServiceLog } from '../../../schema/service/service-log.ts'
import { type Collector, startCollector } from '../../support/observability/collector.ts'
import { type System, startSystem } from '../../support/system.ts'
import { mask } from './masks.ts'

const nowMs = Date.parse('2026-11-30T12:00:00.000Z')

/** Who asks, and which gateway. */
export interface Asker {
  readonly person?: string
  readonly role?: string
  readonly organisation?: string
  readonly scope?: string
  /** The address of the gateway. @default the one whose log and spans are kept */
  readonly at?: string
}

export type Ask = (operation: string, variables: object, asker?: Asker) => Promise<string>

/**
 * A gateway over the demo's people on a fixed day, with its answers to a fixed list of requests and what it recorded.
 */
export interface RecordedTraffic extends AsyncDisposable {
  readonly system: System
  readonly url: string
  readonly collector: Collector
  readonly ask: Ask
  readonly token: string
  /** Answers to published operations: their status and text. */
  readonly views: Readonly<Record<string, string>>
  readonly changes: Readonly<Record<string, string>>
  readonly contentPath: string
  readonly contents: Readonly<Record<string, object>>
  readonly refusals: Readonly<Record<string, object>>
  readonly figures: unknown
  /** Lines of the gateway's own trail and log. */
  readonly trail: readonly string[]
  readonly log: readonly string[]
}

export const officer = { person: '555000000003', role: 'R0001', organisation: 'QYG', scope: 'record' }
export const access = { relationship: 'ATTENDING' }

export async function recordTraffic(): Promise<RecordedTraffic> {
  await using starting = new AsyncDisposableStack()
  const collector = starting.use(await startCollector())
  const system = starting.use(await startSystem({ people: true, now: () => nowMs }))
  const log: string[] = []
  const to = { write: (line: string) => void log.push(line) }
  const spans = createOtlpSpans({
    collectorUrl: collector.url,
    ratio: 1,
    service: 'gateway',
    log: () => {},
    sendEveryMs: 5,
  })
  const url = await system.another({
    spans,
    observe: [createRequestLog({ level: 'info', slowMs: -1, to })],
    log: createServiceLog(to),
  })

  const tokenFor = ({ person = '555036632103', role = 'R0050', organisation = 'REM', scope = 'record' }: Asker = {}) =>
    system.tokenOf({
      name: 'Dr Ada Sample',
      sub: person,
      nhsid_useruid: person,
      selected_roleid: 'role-1',
      nhsid_nrbac_roles: [{ person_roleid: 'role-1', role_code: role, org_code: organisation }],
      scope,
    })
  const ask: Ask = async (operation, variables, { at = url, ...who } = {}) => {
    const query = loadPublishedOperations().find(({ name }) => name === operation)?.text ?? operation
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await tokenFor(who)}` }
    const response = await fetch(`${at}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    })
    return `${response.status} ${mask(await response.text())}`
  }
  const token = await tokenFor()
  const otherToken = await tokenFor({ person: '555000000009' })

  const refusals = await askBadly(url, token)
  const views = await askForViews(ask)
  const changes = await askForChanges(ask)
  const documents = await ask('{ patient(nhsNumber: "9990000018") { documents { nodes { content { url } } } } }', {})
  const contentPath = /HOST(\/documents\/[^"]+)/.exec(documents)?.[1] ?? expect.fail('no content url')
  const open = async (authorization: string, headers = {}) =>
    printed(await fetch(`${url}${contentPath}`, { headers: { authorization: `Bearer ${authorization}`, ...headers } }))
  const contents = {
    whole: await open(token),
    part: await open(token, { range: 'bytes=0-9' }),
    ofAnother: await open(otherToken),
  }
  const figures = await (
    await fetch(`${url}/ops/figures`, {
      headers: { authorization: `Bearer ${await tokenFor({ scope: 'operations' })}` },
    })
  ).json()
  // This is the last request: once its line is logged, the lines of all earlier ones are too.
  await ask('WhatThisPersonSaw', { person: '555000000099' }, officer)
  await vi.waitFor(() => expect(log.some((line) => line.includes('WhatThisPersonSaw'))).toBe(true))
  const files = await listTrailFiles(system.auditFolder, 'gateway-2')
  const trail = files.flatMap(({ path }) => readFileSync(path, 'utf8').trim().split('\n'))
  const running = starting.move()
  return {
    ...{ system, url, collector, ask, token, views, changes, contentPath, contents, refusals, figures, trail },
    log: [...log],
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  }
}

async function askForViews(ask: Ask): Promise<Readonly<Record<string, string>>> {
  const answers: Record<string, string> = {}
  // Those whom the README tells of, each a rule or a merging of its own.
  for (const nhsNumber of [
    '9990000018',
    '9990000034',
    '9990000050',
    '9990000174',
    '9990000182',
    '9990000212',
    '9990000247',
    '9990000271',
    '9990000409',
    '9990000441',
  ]) {
    for (const name of ['FullRecord', 'RegionalRecords', 'DocumentsTimeline']) {
      answers[`${name} ${nhsNumber}`] = await ask(name, { nhsNumber, access, first: 5 })
    }
  }
  for (const name of ['EncountersTimeline', 'ResultsTimeline'])
    answers[name] = await ask(name, { nhsNumber: '9990000018', access, first: 3 })
  answers.PatientSummary = await ask('PatientSummary', { nhsNumber: '9990000018' })
  answers.WardList = await ask('WardList', { nhsNumbers: ['9990000018', '9990000050', '9990000271'], access })
  answers.Regions = await ask('Regions', {})
  return answers
}

async function askForChanges(ask: Ask): Promise<Readonly<Record<string, string>>> {
  const glass = {
    nhsNumber: '9990000484',
    region: 'CHESHIRE_MERSEYSIDE',
    barrier: 'PERMISSION',
    reason: 'EMERGENCY',
    justification: 'Found unconscious.',
  }
  const permission = { nhsNumber: '9990000441', region: 'CHESHIRE_MERSEYSIDE' }
  const review = { grant: 'cheshire-merseyside.none', office: 'REGION', outcome: 'JUSTIFIED', note: 'Read it.' }
  const viewer = { role: 'R0050', organisation: 'REM' }
  return {
    breakGlass: await ask('BreakGlass', glass),
    breakGlassTooShort: await ask('BreakGlass', { ...glass, justification: 'x' }),
    recordPermission: await ask('RecordPermission', permission),
    withdrawPermission: await ask('WithdrawPermission', permission),
    // The cursor has the grant's random id in it.
    openReviews: (await ask('OpenReviews', { first: 5 }, officer)).replace(
      /"endCursor":"[\w-]+"/,
      '"endCursor":"CURSOR"',
    ),
    reviewOfNothing: await ask('ReviewOverride', review, officer),
    badCursor: await ask('OpenReviews', { first: 5, after: 'none' }, officer),
    explainAccess: await ask('ExplainAccess', { nhsNumber: '9990000018', viewer }, officer),
    noOfficer: await ask('OpenReviews', { first: 5 }),
  }
}

async function askBadly(url: string, token: string): Promise<Readonly<Record<string, object>>> {
  const authorization = `Bearer ${token}`
  const json = { 'content-type': 'application/json', authorization }
  const post = (body: string, headers: Readonly<Record<string, string>> = json) =>
    fetch(`${url}/graphql`, { method: 'POST', headers, body })
  const query = (text: string, headers?: Readonly<Record<string, string>>) =>
    post(JSON.stringify({ query: text }), headers)
  const answers = {
    live: await fetch(`${url}/livez`),
    noPath: await fetch(`${url}/none`),
    otherMethod: await fetch(`${url}/documents/x`, { method: 'DELETE' }),
    noToken: await query('{ __typename }', { 'content-type': 'application/json' }),
    badToken: await query('{ __typename }', { ...json, authorization: 'Bearer x' }),
    noScope: await fetch(`${url}/ops/figures`, { headers: { authorization } }),
    noJson: await post('x'),
    noMediaType: await post('{}', { authorization, 'content-type': 'text/plain' }),
    noDocument: await query('{'),
    noField: await query('{ none }'),
    noOperation: await query('query A { __typename } query B { __typename }'),
    introspection: await query('{ __schema { types { name } } }'),
    badNumber: await query('{ patient(nhsNumber: "1") { presence } }'),
    badCursor: await query('{ patient(nhsNumber: "9990000018") { documents(after: "x") { nodes { id } } } }'),
    tooDeep: await query(`{${'a{'.repeat(40)}a${'}'.repeat(40)}}`),
    tooLarge: await query(' '.repeat(200_000)),
    asGraphQLResponse: await query('{ none }', { ...json, accept: 'application/graphql-response+json' }),
  }
  const texts = await Promise.all(
    Object.entries(answers).map(async ([name, response]) => [name, await printed(response)] as const),
  )
  return Object.fromEntries(texts)
}

/** A response without what differs from run to run. */
async function printed(response: Response): Promise<object> {
  const headers = [...response.headers].filter(([name]) => !['date', 'server-timing', 'keep-alive'].includes(name))
  const timing = (response.headers.get('server-timing') ?? '').replaceAll(/dur=[\d.]+/g, 'dur')
  return { status: response.status, headers: Object.fromEntries(headers), timing, body: mask(await response.text()) }
}
