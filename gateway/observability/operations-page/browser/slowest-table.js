/// <reference lib="dom" />
/** @import { OperationsFigures } from '../operations-figures.ts' */
/** @import { RegionObservation, RequestObservation } from '../../metrics/request-observation.ts' */
import { element } from '../../../pages/browser/element.js'
import { ensureTableContainer, showTable } from '../../../pages/browser/table.js'
import { toDuration, toTimeOfDay, toWords } from './format.js'

/**
 * The slowest requests, each with where its time went: in words, and as a bar beside them.
 *
 * @param {HTMLElement} section
 * @param {OperationsFigures} figures
 */
export function showSlowest(section, { slowest, regions }) {
  if (section.querySelector('.operations-legend') === null) section.append(createLegend())
  showTable(ensureTableContainer(section, 'slowest'), {
    caption: 'Where the time went. A request id is the one on the audit trail and in the logs',
    columns: [
      'Began',
      'Request id',
      'Operation',
      'Outcome',
      'Took',
      'Where',
      'Plan',
      'Access',
      'Regions',
      'Assemble',
      'Audit',
      ...regions.map(({ name }) => name),
    ],
    rows: slowest.map((request) => [
      toTimeOfDay(request.startedAtMs),
      request.requestId,
      request.operation,
      request.code ? `${toWords(request.outcome)}: ${request.code}` : toWords(request.outcome),
      toDuration(request.durationMs),
      toBar(request),
      ...stages.map(([, stage]) => toDuration(request.stages[stage])),
      ...regions.map(({ code }) => toWait(request.regions.find(({ region }) => region === code))),
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

/** @type {(region: RegionObservation | undefined) => string} */
function toWait(region) {
  if (!region) return '–'
  return `${region.fromCache ? 'from the cache' : toDuration(region.waitMs)}, ${toWords(region.status).toLowerCase()}`
}

/** For those who see colours; the columns say the same. @type {() => HTMLElement} */
function createLegend() {
  const names = stages.map(([name]) =>
    element('span', {}, [element('span', { class: 'operations-swatch', 'data-stage': name }), name]),
  )
  return element('p', { class: 'operations-legend', 'aria-hidden': 'true' }, names)
}

/** @type {(request: RequestObservation) => HTMLElement} */
function toBar({ stages: times }) {
  const parts = stages.map(([name, stage]) => {
    const part = element('span', { 'data-stage': name })
    part.style.flexGrow = String(times[stage])
    return part
  })
  return element('span', { class: 'operations-bar', 'aria-hidden': 'true' }, parts)
}
