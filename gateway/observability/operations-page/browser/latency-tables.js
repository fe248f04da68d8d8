/// <reference lib="dom" />
/** @import { LatencyFigures, OperationsFigures } from '../operations-figures.ts' */
import { ensureTableContainer, showTable } from '../../../pages/browser/table.js'
import { toCount, toDuration } from './format.js'

/**
 * Latency by where the time goes, and by operation.
 *
 * @param {HTMLElement} section
 * @param {OperationsFigures} figures
 */
export function showLatencies(section, { minute, hour }) {
  showTable(ensureTableContainer(section, 'parts'), {
    caption: 'In the gateway, and waiting for regions',
    groups,
    columns: ['Part', ...latencyColumns],
    rows: [
      ['Whole request', ...toCells(minute.requests), ...toCells(hour.requests)],
      ['In the gateway', ...toCells(minute.gateway), ...toCells(hour.gateway)],
      ['Waiting for regions', ...toCells(minute.waiting), ...toCells(hour.waiting)],
    ],
  })
  showTable(ensureTableContainer(section, 'operations-latency'), {
    caption: 'By operation; other: what is not published',
    groups,
    columns: ['Operation', ...latencyColumns],
    rows: hour.operations.map(({ name, latency }) => {
      const now = minute.operations.find((one) => one.name === name)?.latency ?? noLatencies
      return [name, ...toCells(now), ...toCells(latency)]
    }),
  })
}

const latencyColumns = ['Requests', 'p50', 'p95', 'p99', 'Requests', 'p50', 'p95', 'p99']
/** @type {readonly (readonly [string, number])[]} */
const groups = [
  ['Last minute', 4],
  ['Last hour', 4],
]
/** @type {LatencyFigures} */
const noLatencies = { count: 0, p50Ms: null, p95Ms: null, p99Ms: null }

/** @type {(latency: LatencyFigures) => readonly string[]} */
function toCells({ count, p50Ms, p95Ms, p99Ms }) {
  return [toCount(count), toDuration(p50Ms), toDuration(p95Ms), toDuration(p99Ms)]
}
