import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { badOperations, badRequests } from '../support/leaks/bad-requests.ts'
import { startBrokenRegion } from '../support/leaks/broken-region.ts'
import { findLeakedSecrets, type ServiceOutput } from '../support/leaks/find-leaked-secrets.ts'
import { toLeakBundle } from '../support/leaks/leak-bundle.ts'
import { createLeakSecrets } from '../support/leaks/leak-secrets.ts'
import { sendRaw } from '../support/leaks/send-raw.ts'
import { sendRequest } from '../support/leaks/send-request.ts'
import type { RunningProgram } from '../support/run-program.ts'
import { createServiceProcesses } from '../support/service-processes.ts'

const production = { NODE_ENV: 'production' }
const lpres = 'lancashire-south-cumbria'
const exchange = 'cheshire-merseyside'

test('no log and no error contains a secret, token, NHS number, name or variable of a request, whatever goes wrong', async () => {
  await using system = await createServiceProcesses()
  const secrets = await createLeakSecrets(system)
  const processes: [string, RunningProgram][] = await Promise.all([
    system.startStore(lpres, production).then((running): [string, RunningProgram] => ['LPRES', running]),
    system.startStore(exchange, production).then((running): [string, RunningProgram] => ['e-Xchange', running]),
    system
      .startGateway({ ...production, PUBLIC_URL: system.gatewayUrl(), OPERATIONS: 'log', SLOW_MS: '0' })
      .then((running): [string, RunningProgram] => ['the gateway', running]),
  ])
  const errors: ServiceOutput[] = []
  const keep = async (where: string, response: Response) => {
    errors.push({ where, text: `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}` })
  }
  const json = { 'content-type': 'application/json', authorization: `Bearer ${secrets.tokens.viewer}` }
  const ask = (query: string, variables: object = {}) =>
    fetch(`${system.gatewayUrl()}/graphql`, {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ query, variables }),
    })
  const look =
    'query Look($n: NHSNumber!) { patient(nhsNumber: $n, noCache: true, access: { relationship: ATTENDING }) { completeness { message } demographics { name { family } } problems { nodes { id } } } }'
  const lookNow = () => ask(look, { n: secrets.nhsNumber })

  // What goes well holds names, as it must: the record is there to be leaked.
  const published = await fetch(`${system.storeUrl(lpres)}/fhir`, {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json', authorization: `Bearer ${secrets.tokens.publisher}` },
    body: JSON.stringify(toLeakBundle(secrets)),
  })
  expect([
    published.status,
    findLeakedSecrets([{ where: 'the answer', text: await published.text() }], secrets.all),
  ]).toEqual([200, []])
  expect(findLeakedSecrets([{ where: 'the view', text: await (await lookNow()).text() }], secrets.all)).toEqual([
    'the view: family',
  ])

  const urls = { gateway: system.gatewayUrl(), store: system.storeUrl(lpres) }
  for (const { name, at, path, method = 'POST', ...sent } of badRequests(secrets)) {
    const { status, text } = await sendRequest(urls[at] + path, { method, ...sent })
    expect(status, name).toBeGreaterThanOrEqual(400)
    errors.push({ where: name, text })
  }
  for (const [name, query, variables] of badOperations(secrets)) {
    const response = await ask(query, variables)
    const text = await response.text()
    expect(text, name).toMatch(/"errors"|"status":"(REFUSED|FAILED|UNAVAILABLE)"/)
    errors.push({ where: name, text })
  }
  for (const url of Object.values(urls)) {
    errors.push({
      where: 'no HTTP',
      text: await sendRaw(
        url,
        `${secrets.family} ${secrets.nhsNumber}\r\nauthorization: Bearer ${secrets.tokens.viewer}\r\n\r\n`,
      ),
    })
    errors.push({
      where: 'a header too long',
      text: await sendRaw(url, `GET /${secrets.nhsNumber} HTTP/1.1\r\nx: ${secrets.family.repeat(2000)}\r\n\r\n`),
    })
    await sendRaw(
      url,
      `POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${secrets.tokens.viewer}\r\ncontent-type: application/json\r\ncontent-length: 999\r\n\r\n{"query": "${secrets.nhsNumber}`,
    )
  }

  // A store whose tables fail under it: what it logs must not quote them.
  const db = new DatabaseSync(system.databaseFile(lpres))
  db.prepare('UPDATE item SET body = ?').run(`{"${secrets.problem}": ${secrets.family}`)
  await keep('a row that is no JSON', await lookNow())
  await keep(
    'a row that is no JSON, under an alias',
    await ask(
      `query Look($n: NHSNumber!) { ${secrets.family}: patient(nhsNumber: $n, noCache: true, access: { relationship: ATTENDING }) { problems { nodes { id } } } }`,
      {
        n: secrets.nhsNumber,
      },
    ).then(withoutAlias(secrets.family)),
  )
  db.exec('ALTER TABLE item RENAME TO lost')
  db.close()
  await keep('a lost table', await lookNow())
  await keep(
    'a lost table, to publish into',
    await fetch(`${system.storeUrl(lpres)}/fhir`, {
      method: 'POST',
      headers: { 'content-type': 'application/fhir+json', authorization: `Bearer ${secrets.tokens.publisher}` },
      body: JSON.stringify(toLeakBundle(secrets, 2)),
    }),
  )

  for (const slug of [lpres, exchange] as const)
    errors.push({
      where: `the metrics of ${slug}`,
      text: withoutValues(await (await fetch(`${system.storeUrl(slug)}/metrics`)).text()),
    })
  expect(errors.at(-1)?.text).toContain('store_read_duration_seconds')

  const [, store] = processes[0] ?? []
  store?.child.kill('SIGTERM')
  await store?.ended
  await keep('a region that is gone', await lookNow())
  {
    await using faulty = await startBrokenRegion(Number(new URL(system.storeUrl(lpres)).port), secrets.regionSays)
    for (let kind = 0; kind < faulty.replyCount; kind++) await keep(`a faulty region, ${kind}`, await lookNow())
    await keep(
      'a faulty region, asked to change',
      await ask(
        'mutation Permit($n: NHSNumber!) { recordPermission(input: { nhsNumber: $n, region: LANCASHIRE_SOUTH_CUMBRIA }) { status message } }',
        { n: secrets.nhsNumber },
      ),
    )
    await faulty.feedAsked
    const gateway = processes[2]?.[1]
    await gateway?.says(/The change feed of LANCASHIRE_SOUTH_CUMBRIA is silent/)
  }
  // Without what is said of each metric, which is the same words each time, ` regions` among them.
  const metrics = (await (await fetch(`${system.gatewayUrl()}/metrics`)).text()).replace(/^#.*$/gm, '')
  for (const [, { child }] of processes) child.kill('SIGTERM')
  expect(await Promise.all(processes.map(([, { ended }]) => ended))).toEqual([0, 0, 0])

  const logs = processes.map(([where, running]): ServiceOutput => ({ where, text: running.out() + running.err() }))
  if (process.env.SHOW_LOGS) console.log(JSON.stringify([logs, errors], null, 1).replaceAll('\\n', '\n'))
  expect(
    findLeakedSecrets([...logs, ...errors, { where: 'metrics', text: withoutValues(metrics) }], secrets.all),
  ).toEqual([])
  // What the search would find, and that there was something to search.
  expect(findLeakedSecrets(logs, { planted: 'listens at http://127.0.0.1' })).toEqual(
    logs.map(({ where }) => `${where}: planted`),
  )
  expect(findLeakedSecrets(logs, { logged: 'no such table' })).toEqual(['LPRES: logged'])
  for (const line of [
    '"operation":"personRecords","status":200',
    '"operation":"publish","status":500',
    '"operation":"other","status":401',
  ]) {
    expect(findLeakedSecrets(logs, { line })).toContain('LPRES: line')
  }
  expect(findLeakedSecrets(logs, { logged: '"slow":true' })).toEqual(['the gateway: logged'])
  expect(metrics).toMatch(/^gateway_region_answers_total\{region="LANCASHIRE_SOUTH_CUMBRIA",status="FAILED"\} [1-9]/m)
  expect(errors.length).toBeGreaterThan(40)
})

test('the search finds a secret in each form in which a program might write it', () => {
  const secret = 'Quillfeatherstone 9990000018'
  const forms = [
    secret,
    secret.toUpperCase(),
    encodeURIComponent(secret),
    Buffer.from(secret).toString('hex'),
    Buffer.from(`{"a":"${secret}"}`).toString('base64'),
    Buffer.from(`?${secret}!`).toString('base64url'),
  ]
  expect(forms.map((text) => findLeakedSecrets([{ where: 'log', text: `GET /x?y=${text} 200` }], { secret }))).toEqual(
    forms.map(() => ['log: secret']),
  )
  expect(findLeakedSecrets([{ where: 'log', text: 'nothing' }], { secret })).toEqual([])
})

/** An answer's path names what was asked by the asker's own alias (GraphQL, 7.1.2): to the asker alone. */
function withoutAlias(alias: string): (response: Response) => Promise<Response> {
  return async (response) => new Response((await response.text()).replaceAll(`"${alias}"`, '"alias"'), response)
}

/** Names and labels: a sum of seconds has digits enough to hold eight of any number, now and then. */
function withoutValues(metrics: string): string {
  return metrics.replace(/ [\d.e+-]+$/gm, '')
}
