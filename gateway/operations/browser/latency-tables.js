/// <reference lib="dom" />
/** @import { LatencyFigures, OperationsFigures } from '../operations-figures.ts' */
import { placeOf, showTable } from '../../pages/browser/table.js'
import { toCount, toDuration, toWords } from './words.js'

/**
 * Latency by where the time goes and by operation, and what came of the requests.
 *
 * @param {HTMLElement} section
 * @param {OperationsFigures} figures
 */
export function showLatencies(section, { minute, hour }) {
  showTable(placeOf(section, 'parts'), {
    caption: 'In the gateway, and waiting for regions',
    columns: ['Part', ...latencyColumns],
    rows: [
      ['Whole request', ...toCells(minute.requests), ...toCells(hour.requests)],
      ['In the gateway', ...toCells(minute.gateway), ...toCells(hour.gateway)],
      ['Waiting for regions', ...toCells(minute.waiting), ...toCells(hour.waiting)],
    ],
  })
  showTable(placeOf(section, 'operations-latency'), {
    caption: 'By operation, for published ones of the last hour',
    columns: ['Operation', ...latencyColumns],
    rows: hour.operations.map(({ name, latency }) => {
      const now = minute.operations.find((one) => one.name === name)?.latency ?? none
      return [name, ...toCells(now), ...toCells(latency)]
    }),
  })
  showTable(placeOf(section, 'outcomes'), {
    caption: 'What came of requests',
    columns: ['Outcome', 'Last minute', 'Last hour'],
    rows: outcomes.map((outcome) => [toWords(outcome), toCount(minute.outcomes[outcome]), toCount(hour.outcomes[outcome])]),
  })
}

const latencyColumns = ['Requests, minute', 'p50', 'p95', 'p99', 'Requests, hour', 'p50', 'p95', 'p99']
const outcomes = /** @type {const} */ (['COMPLETE', 'INCOMPLETE', 'DONE', 'REFUSED', 'FAILED'])
/** @type {LatencyFigures} */
const none = { count: 0, p50Ms: null, p95Ms: null, p99Ms: null }

/** @type {(latency: LatencyFigures) => readonly string[]} */
function toCells({ count, p50Ms, p95Ms, p99Ms }) {
  return [toCount(count), toDuration(p50Ms), toDuration(p95Ms), toDuration(p99Ms)]
}
