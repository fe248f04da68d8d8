/// <reference lib="dom" />
/** @import { OperationsFigures, RegionFigures, RegionPeriodFigures } from '../operations-figures.ts' */
import { element } from '../../../pages/browser/element.js'
import { ensureTableContainer, showTable } from '../../../pages/browser/table.js'
import { toCount, toDuration, toTimeOfDay } from './format.js'
import { toSlowness } from './slowness.js'

/**
 * How each region is, and how long requests wait for it.
 *
 * @param {HTMLElement} section
 * @param {OperationsFigures} figures
 */
export function showRegions(section, figures) {
  showTable(ensureTableContainer(section, 'region-states'), {
    caption: 'Each region now, and how long requests wait for it',
    groups: [
      ['Now', 2],
      ['Last minute', 4],
      ['Last hour', 4],
    ],
    columns: ['Region', 'State', 'Change feed', 'Requests', 'p50', 'p95', 'p99', 'Requests', 'p50', 'p95', 'p99'],
    rows: figures.regions.map((region) => {
      const waits = findPeriods(region.code, figures).flatMap((one) => [
        toCount(one.asked),
        toDuration(one.waits.p50Ms),
        toDuration(one.waits.p95Ms),
        toDuration(one.waits.p99Ms),
      ])
      return [
        region.name,
        toState(region, figures),
        region.isFeedCurrent ? createTag('good', 'Heard') : createTag('bad', 'Silent'),
        ...waits,
      ]
    }),
  })
}

/**
 * Its last minute and last hour.
 *
 * @param {string} code
 * @param {OperationsFigures} figures
 * @returns {readonly RegionPeriodFigures[]}
 */
export function findPeriods(code, { minute, hour }) {
  return [minute, hour].map((period) => period.regions.find((one) => one.code === code) ?? noFigures)
}

/** @type {RegionPeriodFigures} */
const noFigures = {
  code: '',
  waits: { count: 0, p50Ms: null, p95Ms: null, p99Ms: null },
  asked: 0,
  fromCache: 0,
  statuses: {},
}

/** @type {(region: RegionFigures, figures: OperationsFigures) => HTMLElement} */
function toState({ code, suspendedUntilMs, ready }, { notices, minute }) {
  const kinds = new Set(notices.filter(({ region }) => region === code).map(({ kind }) => kind))
  if (suspendedUntilMs !== null) return createTag('bad', `Suspended until ${toTimeOfDay(suspendedUntilMs)}`)
  if (kinds.has('FAILING')) return createTag('bad', 'Failing')
  if (kinds.has('SLOW')) return createTag('bad', 'Slow')
  if (ready === false) return createTag('unsure', 'Not ready')
  const { asked, waits } = minute.regions.find((one) => one.code === code) ?? noFigures
  if (toSlowness(waits) === 'unsure') return createTag('unsure', 'Took long, of few')
  return asked > 0 ? createTag('good', 'Answers in time') : createTag('unsure', 'Not asked in this minute')
}

/** @type {(kind: 'good' | 'bad' | 'unsure', words: string) => HTMLElement} */
function createTag(kind, words) {
  return element('strong', { class: `nhsuk-tag page-tag page-tag--${kind}` }, [words])
}
