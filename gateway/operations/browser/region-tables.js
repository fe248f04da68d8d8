/// <reference lib="dom" />
/** @import { OperationsFigures, RegionFigures, RegionPeriodFigures } from '../operations-figures.ts' */
import { element } from '../../pages/browser/element.js'
import { placeOf, showTable } from '../../pages/browser/table.js'
import { toCount, toDuration, toMegabytes, toShare, toTimeOfDay, toWords } from './words.js'

/**
 * How each region is, what came of asking it, and what the cache spared it.
 *
 * @param {HTMLElement} section
 * @param {OperationsFigures} figures
 */
export function showRegions(section, figures) {
  const { regions, minute, hour } = figures
  const periodsOf = (/** @type {string} */ code) => [minute, hour].map((period) => period.regions.find((one) => one.code === code) ?? nothing)
  showTable(placeOf(section, 'region-states'), {
    caption: 'Each region now, and how long requests wait for it',
    columns: ['Region', 'State', 'Change feed', 'Requests, minute', 'p50', 'p95', 'p99', 'Requests, hour', 'p50', 'p95', 'p99'],
    rows: regions.map((region) => {
      const waits = periodsOf(region.code).flatMap((one) => [toCount(one.asked), toDuration(one.waits.p50Ms), toDuration(one.waits.p95Ms), toDuration(one.waits.p99Ms)])
      return [region.name, toState(region, figures), region.isFeedCurrent ? tag('good', 'Heard') : tag('bad', 'Silent'), ...waits]
    }),
  })
  const statuses = [...new Set([...minute.regions, ...hour.regions].flatMap((one) => Object.keys(one.statuses)))].sort()
  showTable(placeOf(section, 'region-statuses'), {
    caption: 'What came of it: statuses in the last minute, and in the last hour',
    columns: ['Status', ...regions.flatMap(({ name }) => [`${name}, minute`, 'hour'])],
    rows: statuses.map((status) => [toWords(status), ...regions.flatMap(({ code }) => periodsOf(code).map((one) => toCount(one.statuses[status] ?? 0)))]),
  })
  showTable(placeOf(section, 'region-cache'), {
    caption: 'What the cache spared each region',
    columns: ['Region', 'From the cache, minute', 'of requests', 'hour', 'of requests', 'Kept', 'Patients kept'],
    rows: regions.map(({ code, name, cacheBytes, cachedPatients }) => [
      name,
      ...periodsOf(code).flatMap(({ fromCache, asked }) => [toCount(fromCache), toShare(fromCache, fromCache + asked)]),
      toMegabytes(cacheBytes),
      toCount(cachedPatients),
    ]),
  })
}

/** @type {RegionPeriodFigures} */
const nothing = { code: '', waits: { count: 0, p50Ms: null, p95Ms: null, p99Ms: null }, asked: 0, fromCache: 0, statuses: {} }

/** @type {(region: RegionFigures, figures: OperationsFigures) => HTMLElement} */
function toState({ code, suspendedUntilMs, ready }, { notices, minute }) {
  const kinds = new Set(notices.filter(({ region }) => region === code).map(({ kind }) => kind))
  if (suspendedUntilMs !== null) return tag('bad', `Suspended until ${toTimeOfDay(suspendedUntilMs)}`)
  if (kinds.has('FAILING')) return tag('bad', 'Failing')
  if (kinds.has('SLOW')) return tag('bad', 'Slow')
  if (ready === false) return tag('unsure', 'Not ready')
  const asked = minute.regions.find((one) => one.code === code)?.asked ?? 0
  return asked > 0 ? tag('good', 'Answers in time') : tag('unsure', 'Not asked in this minute')
}

/** @type {(kind: 'good' | 'bad' | 'unsure', words: string) => HTMLElement} */
function tag(kind, words) {
  return element('strong', { class: `nhsuk-tag page-tag page-tag--${kind}` }, [words])
}
