/// <reference lib="dom" />
/** @import { OperationsFigures } from '../operations-figures.ts' */
/** @import { RequestObservation } from '../../metrics/request-observation.ts' */
import { element } from '../../pages/browser/element.js'
import { placeOf, showTable } from '../../pages/browser/table.js'
import { toDuration, toTimeOfDay, toWords } from './words.js'

/**
 * The slowest requests, each with where its time went: in words, and as a bar beside them.
 *
 * @param {HTMLElement} section
 * @param {OperationsFigures} figures
 */
export function showSlowest(section, { slowest, regions }) {
  const nameOf = (/** @type {string} */ code) => regions.find((one) => one.code === code)?.name ?? code
  showTable(placeOf(section, 'slowest'), {
    caption: 'Where the time went. A request id is the one on the audit trail and in the logs',
    columns: ['Began', 'Operation', 'Outcome', 'Took', 'Where', 'Plan', 'Access', 'Regions', 'Assemble', 'Audit', 'Each region', 'Request id'],
    rows: slowest.map((request) => [
      toTimeOfDay(request.startedAtMs),
      request.operation,
      toWords(request.outcome),
      toDuration(request.durationMs),
      toBar(request),
      ...stages.map(([, stage]) => toDuration(request.stages[stage])),
      request.regions
        .map(({ region, status, waitMs, fromCache }) => `${nameOf(region)}: ${fromCache ? 'from the cache' : toDuration(waitMs)}, ${toWords(status).toLowerCase()}`)
        .join('; '),
      request.requestId,
    ]),
  })
}

/** @type {readonly (readonly [string, keyof RequestObservation['stages']])[]} */
const stages = [
  ['plan', 'planMs'],
  ['access', 'accessMs'],
  ['regions', 'regionsMs'],
  ['assemble', 'assembleMs'],
  ['audit', 'auditMs'],
]

/** @type {(request: RequestObservation) => HTMLElement} */
function toBar({ stages: times }) {
  const parts = stages.map(([name, stage]) => {
    const part = element('span', { 'data-stage': name })
    part.style.flexGrow = String(times[stage])
    return part
  })
  return element('span', { class: 'operations-bar', 'aria-hidden': 'true' }, parts)
}
