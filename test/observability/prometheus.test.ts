import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadRegions } from '../../schema/regions.ts'
import { delayReply } from '../support/faults/faults.ts'
import { startFaultySystem } from '../support/faults/faulty-system.ts'
import { hasPrometheus, shortenRules, startPrometheus, until } from '../support/observability/prometheus.ts'
import { startRepeatedQueries } from '../support/observability/repeated-queries.ts'
import { publishedOperation } from '../support/published-operation.ts'

const rules = readFileSync(join(import.meta.dirname, '../../gateway/observability/metrics/alerts.yml'), 'utf8')
const lpres = 'LANCASHIRE_SOUTH_CUMBRIA'
const exchange = 'CHESHIRE_MERSEYSIDE'

describe('Prometheus over the running system', () => {
  test.skipIf(!hasPrometheus())(
    'Prometheus raises the alerts for a slow region and an absent store, and resolves the first once the region is quick',
    { timeout: 300_000 },
    async () => {
      await using system = await startFaultySystem()
      const hostOf = (slug: string) =>
        new URL(system.system.regions.find((region) => region.slug === slug)?.url ?? '').host
      const stores = Object.fromEntries(loadRegions().map(({ url, slug }) => [new URL(url).host, hostOf(slug)]))
      const gateway = new URL(system.url).host
      await using prometheus = await startPrometheus({ '127.0.0.1:4000': gateway, ...stores })
      const look = publishedOperation('patient-summary')
      // Each another patient: what is asked for one by several at once is asked once.
      await using load = startRepeatedQueries(
        ['9990000018', '9990000026', '9990000123', '9990000131'].map(
          (nhsNumber) => () => system.ask(look, { nhsNumber }),
        ),
      )

      await until(async () => Object.values(await prometheus.targets()).join() === 'up,up,up')
      expect(Object.keys(await prometheus.targets()).toSorted()).toEqual([gateway, ...Object.values(stores)].toSorted())
      // Before there is anything to find: every name that a rule reads is one that a target tells.
      expect(await untold([system.url, ...system.system.regions.map(({ url }) => url)])).toEqual([])
      expect(await prometheus.firing('RegionSlow')).toEqual([])

      system.regions['lancashire-south-cumbria'].inject(delayReply(1500))
      await until(async () => (await prometheus.firing('RegionSlow')).length > 0)
      expect(await prometheus.firing('RegionSlow')).toEqual([
        expect.objectContaining({
          labels: { alertname: 'RegionSlow', region: lpres, severity: 'warning' },
          annotations: expect.objectContaining({
            summary: expect.stringMatching(/^LPRES is slow: one call in twenty takes [12]\.\d+s or more$/),
          }),
        }),
      ])
      const slowest = new Map(
        (await prometheus.query('region:call_seconds:p95_5m')).map(({ metric, value }) => [metric.region, value]),
      )
      expect(slowest.get(lpres)).toBeGreaterThan(1)
      expect(slowest.get(exchange)).toBeLessThan(1)
      await until(async () => (await prometheus.firing('LatencyObjectiveBurning')).length > 0)

      await system.regions['lancashire-south-cumbria'].heal()
      await until(async () => (await prometheus.firing('RegionSlow')).length === 0)

      await system.system.stop('cheshire-merseyside')
      await until(async () => (await prometheus.firing('StoreDown')).length > 0)
      expect((await prometheus.firing('StoreDown')).map(({ labels }) => [labels.region, labels.application])).toEqual([
        [exchange, 'e-Xchange'],
      ])
      await until(async () => (await prometheus.firing('FeedSilent')).some(({ labels }) => labels.region === exchange))
      expect((await prometheus.firing('RegionFailing')).map(({ labels }) => labels.region)).not.toContain(lpres)
      expect(load.answers).toBeGreaterThan(10)
    },
  )
})

test('the test shortens windows, waits and offsets of the rules alike, and nothing else', () => {
  const rule = 'record: a:b_5m\nexpr: rate(x[5m]) > 14.4 * 0.01 and y offset 15m < 90 * 86400\nfor: 10s\n'
  expect(shortenRules(rule, 60)).toBe(
    'record: a:b_5m\nexpr: rate(x[5s]) > 14.4 * 0.01 and y offset 15s < 90 * 86400\nfor: 1s\n',
  )
})

/** The names in the rules that none of these tells of; a histogram's by its own name. */
async function untold(urls: readonly string[]): Promise<readonly string[]> {
  const texts = await Promise.all(urls.map(async (url) => (await fetch(`${url}/metrics`)).text()))
  const told = new Set(texts.flatMap((text) => [...text.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name)))
  const read = [...rules.matchAll(/expr: ((?:.|\n {10})+)/g)].flatMap(([, text = '']) =>
    [...text.matchAll(/\b(?:gateway|store)_\w+/g)].map(([name]) => name),
  )
  if (read.length < 10) throw new Error('Expected names in the rules, found hardly any')
  return [...new Set(read)].filter((name) => !told.has(name.replace(/_(bucket|count|sum)$/, '')))
}
