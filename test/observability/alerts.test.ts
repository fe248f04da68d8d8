import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadRegions } from '../../schema/regions.ts'
import { hasPromtool, promtool } from '../support/observability/promtool.ts'

const folder = join(import.meta.dirname, '../../gateway/observability/metrics')
const rulesFile = join(folder, 'alerts.yml')
const casesFile = join(import.meta.dirname, 'alerts.test.yml')
const rules = readFileSync(rulesFile, 'utf8')
const alerts = [...rules.matchAll(/^ {6}- alert: (\w+)\n(?: {8}.*\n?)*/gm)].map(([text, name = '']) => ({ name, text }))
const isThere = hasPromtool()

describe('the alert rules', () => {
  test('the alert rules each state their severity, what is wrong and what to do', () => {
    expect(alerts.length).toBeGreaterThan(10)
    for (const { name, text } of alerts) {
      expect(text, name).toMatch(/\n {8}labels: \{ severity: (critical|warning) \}\n/)
      expect(text, name).toMatch(/\n {10}summary: ['"].+['"]\n {10}description: .{40,}\n/)
    }
  })

  test('each alert rule has a case in which it fires, and one in which it does not', () => {
    const cases = [...readFileSync(casesFile, 'utf8').matchAll(/^ {8}alertname: (\w+)\n {8}exp_alerts:( \[\])?$/gm)]
    const namesOf = (fires: boolean) =>
      new Set(cases.filter(([, , none]) => (none === undefined) === fires).map(([, name]) => name))
    const names = new Set(alerts.map(({ name }) => name))
    expect(namesOf(true)).toEqual(names)
    expect(namesOf(false)).toEqual(names)
  })

  test.skipIf(!isThere)('promtool accepts the alert rules, and they fire as the cases say', async () => {
    expect(await promtool(['check', 'rules', rulesFile])).toMatchObject({
      code: 0,
      says: expect.stringMatching(/SUCCESS/),
    })
    const { code, says } = await promtool(['test', 'rules', casesFile])
    expect(says).toMatch(/SUCCESS/)
    expect(code).toBe(0)
  })
})

describe("Prometheus's configuration", () => {
  test.skipIf(!isThere)('promtool accepts the Prometheus configuration with its rules', async () => {
    expect(await promtool(['check', 'config', join(folder, 'prometheus.yml')])).toMatchObject({
      code: 0,
      says: expect.not.stringMatching(/FAILED|WARNING/),
    })
  })

  test("the Prometheus configuration scrapes each region's store by its address, and names it as the list of regions does", () => {
    const targets = [
      ...readFileSync(join(folder, 'prometheus.yml'), 'utf8').matchAll(
        /targets: \["(.+)"\]\n +labels: \{ region: (\w+), application: (.+) \}/g,
      ),
    ]
    expect(targets.map(([, ...found]) => found)).toEqual(
      loadRegions().map(({ url, code, applicationName }) => [new URL(url).host, code, applicationName]),
    )
  })
})
