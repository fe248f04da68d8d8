/// <reference lib="dom" />
/** @import { OperationsFigures } from '../operations-figures.ts' */
import { ensureTableContainer, showTable } from '../../../pages/browser/table.js'
import { toCount, toMegabytes, toShare, toWords } from './format.js'
import { findPeriods } from './region-states.js'

/**
 * What came of requests and of asking each region, and what the cache spared it.
 *
 * @param {HTMLElement} section
 * @param {OperationsFigures} figures
 */
export function showOutcomes(section, figures) {
  const { regions, minute, hour } = figures
  showTable(ensureTableContainer(section, 'outcomes'), {
    caption: 'Requests',
    columns: ['Outcome', 'Last minute', 'Last hour'],
    rows: outcomes.map((outcome) => [
      toWords(outcome),
      toCount(minute.outcomes[outcome]),
      toCount(hour.outcomes[outcome]),
    ]),
  })
  showTable(ensureTableContainer(section, 'cache'), {
    caption: 'What the cache spared each region',
    groups: [
      ['Last minute', 2],
      ['Last hour', 2],
      ['Now', 2],
    ],
    columns: ['Region', 'From the cache', 'Share', 'From the cache', 'Share', 'Kept', 'Patients'],
    rows: regions.map(({ code, name, cacheBytes, cachedPatients }) => [
      name,
      ...findPeriods(code, figures).flatMap(({ fromCache, asked }) => [
        toCount(fromCache),
        toShare(fromCache, fromCache + asked),
      ]),
      toMegabytes(cacheBytes),
      toCount(cachedPatients),
    ]),
  })
  const statuses = [...new Set([...minute.regions, ...hour.regions].flatMap((one) => Object.keys(one.statuses)))].sort()
  showTable(ensureTableContainer(section, 'statuses'), {
    caption: 'Statuses of each region',
    groups: regions.map(({ name }) => [name, 2]),
    columns: ['Status', ...regions.flatMap(() => ['Last minute', 'Last hour'])],
    rows: statuses.map((status) => [
      toWords(status),
      ...regions.flatMap(({ code }) => findPeriods(code, figures).map((one) => toCount(one.statuses[status] ?? 0))),
    ]),
  })
}

const outcomes = /** @type {const} */ (['COMPLETE', 'INCOMPLETE', 'DONE', 'REFUSED', 'FAILED'])
