import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { printReport } from '../../gateway/utilisation/browser/print-report.js'
import { printCsv } from '../../gateway/utilisation/print-csv.ts'
import { startSystem } from '../support/system.ts'
import { askReport } from '../support/utilisation/ask-report.ts'

const main = join(import.meta.dirname, '../../gateway/demo/report.ts')

async function run(environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const running = promisify(execFile)(process.execPath, [main, ...args], {
    env: { PATH: process.env.PATH, ...environment },
  })
  return running
    .then(({ stdout }) => ({ code: 0, stdout, stderr: '' }))
    .catch(({ code, stdout, stderr }) => ({ code, stdout, stderr }))
}

test('npm run report prints a running gateway’s report as JSON, CSV and HTML, and what the gateway refuses in its own words', async () => {
  await using system = await startSystem()
  const environment = { GATEWAY_URL: system.url, TOKEN: await system.token({ scope: 'reports' }) }
  const week = (name: string) => ['weekly', '--week', name]
  const [json, csv, html, noWeek, noScope, noFormat] = await Promise.all([
    run(environment, ...week('2026-W01'), '--format', 'json'),
    run(environment, 'weekly', '--format', 'csv'),
    run(environment, 'weekly'),
    run(environment, ...week('2025-W53')),
    run({ ...environment, TOKEN: await system.token() }, 'weekly'),
    run(environment, 'weekly', '--format', 'pdf'),
  ])
  expect([json.code, JSON.parse(json.stdout)]).toMatchObject([
    0,
    { week: '2026-W01', complete: false, message: 'The audit trail is empty: no view is known.', over: true },
  ])
  const rows = csv.stdout.split('\r\n')
  expect(rows[0]).toBe('section,region,item,detail,period,figure,as of,note')
  expect(rows).toContain(
    '"programme, as printed",LANCASHIRE_SOUTH_CUMBRIA,VIEWS,mean,2020-01 to 2021-01,153553,"Share2Care programme, published utilisation figures",',
  )
  expect(html.stdout).toMatch(/^<!doctype html>[\s\S]*<svg[\s\S]*1,996,196[\s\S]*<\/html>\n$/)
  expect(html.stdout).not.toMatch(/<script|src=|href=|url\(["']?http/)
  expect(noWeek).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^BAD_WEEK: Expected an ISO week .* found a week that its year does not have\.\n$/),
  })
  expect(noScope).toMatchObject({ code: 1, stderr: expect.stringContaining('INSUFFICIENT_SCOPE') })
  expect(noFormat).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--format: expected html, csv or json, found "pdf"'),
  })
})

test('a figure of the CSV that is rounded says up to, and one that is empty says why', async () => {
  await using system = await startSystem()
  const report = await askReport(system, system.url, null)
  const { week } = report
  const [first, second] = report.regions
  if (!first || !second) expect.fail('no region')
  const counts = [{ organisation: { odsCode: 'REM', name: null }, type: null, published: 10, publishedThisWeek: null }]
  const silent = { ...second, status: 'TIMED_OUT' as const, asOf: null, documentsPublished: null, documentTrend: null }
  const csv = printCsv({
    ...report,
    trailSince: '2026-01-01T00:00:00.000Z',
    regions: [{ ...first, views: null, documentsByOrganisation: counts }, silent],
  }).split('\r\n')
  const rowOf = (start: string) =>
    csv
      .find((row) => row.startsWith(start))
      ?.split(',')
      .at(-1)
  expect(rowOf(`documents published,${first.region.code},REM,all,until ${week},10,`)).toBe(
    'up to: rounded up to a multiple of 5',
  )
  expect(rowOf(`documents published,${first.region.code},REM,all,${week},,`)).toBe('suppressed')
  expect(rowOf(`documents published,${second.region.code},all,all,until ${week},,TIMED_OUT,`)).toBe(
    'not known: the store did not answer',
  )
  expect(csv.find((row) => row.startsWith(`views,${first.region.code},all,,${week},,`))).toMatch(
    /,"suppressed, or of fewer than 5"$/,
  )
  expect(printCsv(report)).toContain(
    `views,${first.region.code},all,,${week},,${report.trailAsOf},not known: before the audit trail\r\n`,
  )
})

test('a code that a publisher or a token made up is a text: no HTML, and no formula', async () => {
  await using system = await startSystem()
  const report = await askReport(system, system.url, null)
  const made = '<img src=x onerror=alert(1)>'
  const [first, ...others] = report.regions
  if (!first) expect.fail('no region')
  const counts = [
    {
      organisation: { odsCode: '=1+1', name: null },
      type: { system: null, code: made, display: made },
      published: 10,
      publishedThisWeek: 5,
    },
  ]
  const altered = {
    ...report,
    regions: [
      {
        ...first,
        documentsByOrganisationAndType: counts,
        viewsByRole: [{ role: { system: null, code: made, display: null }, views: 9 }],
      },
      ...others,
    ],
  }
  expect(printReport(altered)).not.toContain('<img')
  expect(printReport(altered)).toContain('&#60;img src=x')
  expect(printCsv(altered)).toContain(`,'=1+1,${made},`)
})
