import { expect, test } from 'vitest'
import { reportQuery } from '../../gateway/utilisation/browser/report-query.js'
import { toLondonDay } from '../../schema/london-day.ts'
import { addDays, listPeriodsUntil, toWeek } from '../../schema/reporting-period.ts'
import { publishedOperation } from '../support/published-operation.ts'
import { createTestService } from '../support/store/test-service.ts'
import { startSystem } from '../support/system.ts'
import { askReport } from '../support/utilisation/ask-report.ts'

const query = 'query Report($week: String) { utilisation(week: $week) { week over } }'
const current = toWeek(toLondonDay(Date.now()))
const later = toWeek(addDays(current.lastDay, 1)).name

test('whoever has not the scope is refused, a privacy officer and a publisher too, and no store is asked', async () => {
  await using system = await startSystem()
  for (const holder of [{}, { role: 'R5105' }, { scope: 'publish' }, { scope: 'report' }]) {
    const { status, data, errors } = await system.query(query, {}, await system.token(holder))
    expect([status, data, errors.map(({ extensions }) => extensions)]).toEqual([
      403,
      undefined,
      [{ code: 'INSUFFICIENT_SCOPE', scope: 'reports' }],
    ])
  }
  expect(system.requests()).toEqual({ 'cheshire-merseyside': 0, 'lancashire-south-cumbria': 0 })
})

test('a store tells its counts to the scope alone, whichever gateway asks', async () => {
  await using made = await createTestService()
  const { data, errors } = await made.ask('{ exchangePublished(week: "2026-W47", since: "2026-01-01") { total } }')
  expect([data, errors?.map(({ extensions }) => extensions.code)]).toEqual([undefined, ['INSUFFICIENT_SCOPE']])
})

test('what is no week that has begun is BAD_WEEK, and is told what was expected and found', async () => {
  await using system = await startSystem()
  const token = await system.token({ scope: 'reports' })
  const found = {
    '2026-47': 'a text of another form',
    '9990000018': 'a text of another form',
    '2025-W53': 'a week that its year does not have',
    '2025-W00': 'a week that its year does not have',
    [later]: 'one that has not begun',
  }
  for (const [week, words] of Object.entries(found)) {
    const { data, errors } = await system.query(query, { week }, token)
    expect([data, errors.map(({ extensions }) => extensions.code)]).toEqual([{ utilisation: null }, ['BAD_WEEK']])
    expect(errors[0]?.message).toBe(`Expected an ISO week that has begun, as ${current.name}, found ${words}.`)
  }
})

test('without a week it is of the last one that is over; the running one is marked as such', async () => {
  await using system = await startSystem()
  const token = await system.token({ scope: 'reports' })
  expect((await system.query(query, {}, token)).data.utilisation).toEqual({
    week: listPeriodsUntil(current, 2)[0]?.name,
    over: true,
  })
  expect((await system.query(query, { week: current.name }, token)).data.utilisation).toEqual({
    week: current.name,
    over: false,
  })
})

test("a region that is stopped is named, and has no figure of its store's: not even a zero", async () => {
  await using system = await startSystem()
  await system.stop('lancashire-south-cumbria')
  const { complete, message, regions } = await askReport(system, system.url, null)
  expect([complete, message]).toEqual([
    false,
    'LPRES did not answer; what it holds is missing below. The audit trail is empty: no view is known.',
  ])
  expect(
    regions.map(({ status, asOf, documentsPublished, documentTrend }) => [
      status,
      asOf === null,
      documentsPublished,
      documentTrend === null,
    ]),
  ).toEqual([
    ['ANSWERED', false, 0, false],
    ['UNREACHABLE', true, null, true],
  ])
})

test("the programme's own figures show as printed, each with its dates, and are in no sum", async () => {
  await using system = await startSystem()
  const { history, regions } = await askReport(system, system.url, null)
  expect(
    history.map(({ applicationName, measure, dates, count, mean }) => [
      applicationName,
      measure,
      dates,
      count.toLocaleString('en-GB'),
      mean?.toLocaleString('en-GB') ?? null,
    ]),
  ).toEqual([
    ['LPRES', 'DOCUMENTS', '2021-01-31', '5,234,942', null],
    ['e-Xchange', 'DOCUMENTS', '2021-02-15', '3,014,529', null],
    ['LPRES', 'VIEWS', '2020-01 to 2021-01', '1,996,196', '153,553'],
    ['e-Xchange', 'VIEWS', '2020-01 to 2021-01', '189,864', '14,604'],
  ])
  for (const { count, mean } of history) if (mean !== null) expect(mean).toBe(Math.trunc(count / 13))
  expect(regions.map(({ documentsPublished, views }) => [documentsPublished, views])).toEqual([
    [0, null],
    [0, null],
  ])
})

test('where only published operations are answered, the page and the command are', async () => {
  await using system = await startSystem()
  expect(reportQuery).toBe(publishedOperation('utilisation-report'))
  const url = await system.another({ trustedDocumentsMode: 'only' })
  expect((await askReport(system, url, null)).regions.map(({ status }) => status)).toEqual(['ANSWERED', 'ANSWERED'])
})
