/// <reference lib="dom" />
/** @import { OperationsFigures } from '../operations-figures.ts' */
import { element } from '../../../pages/browser/element.js'
import { toCount, toDuration, toMegabytes, toShare, toTimeOfDay } from './format.js'
import { createHeadline } from './headline.js'
import { createHourCharts } from './hour-charts.js'
import { showLatencies } from './latency-tables.js'
import { showOutcomes } from './outcome-tables.js'
import { showRegions } from './region-states.js'
import { showSlowest } from './slowest-table.js'

/**
 * @typedef {object} FiguresView
 * @property {(figures: OperationsFigures) => void} show
 */

/**
 * Everything the page shows, in this place, which is then of one height: figures change in theirs.
 *
 * @param {HTMLElement} place
 * @param {OperationsFigures} first
 * @returns {FiguresView}
 */
export function createFiguresView(place, first) {
  const top = element('div')
  const asOf = element('p', { class: 'nhsuk-body-s page-note', id: 'as-of' })
  const tiles = element('dl', { class: 'operations-tiles' })
  const regions = section('Regions')
  const hour = section('The last hour')
  const latency = section('How long requests take')
  const slowest = section('Slowest requests of the last ten minutes')
  const outcomes = section('What came of it')
  place.replaceChildren(top, asOf, tiles, regions, hour, latency, slowest, outcomes)
  const showHeadline = createHeadline(top)
  const showHour = createHourCharts(hour, first)
  const showTile = createTiles(tiles)
  return {
    show(figures) {
      const { asOfMs, sinceMs, inFlight, minute, cache } = figures
      const { COMPLETE, INCOMPLETE, REFUSED, FAILED } = minute.outcomes
      showHeadline(figures)
      asOf.textContent = `As of ${toTimeOfDay(asOfMs)}, and again every two seconds. Requests are observed since ${toTimeOfDay(sinceMs)}${asOfMs - sinceMs > 3_600_000 ? ', for an hour each' : ''}. Times are within 2.5 %.`
      showTile('In flight now', toCount(inFlight))
      showTile('Requests in the last minute', toCount(minute.requests.count))
      showTile('p95 of whole requests', toDuration(minute.requests.p95Ms))
      showTile('p95 of time in the gateway', toDuration(minute.gateway.p95Ms))
      showTile('Views complete', toShare(COMPLETE, COMPLETE + INCOMPLETE))
      showTile('Refused or failed', toCount(REFUSED + FAILED))
      showTile('Cache', `${toMegabytes(cache.bytes).replace(' MB', '')} of ${toMegabytes(cache.maxBytes)}`)
      showRegions(regions, figures)
      showLatencies(latency, figures)
      showHour(figures)
      showSlowest(slowest, figures)
      showOutcomes(outcomes, figures)
    },
  }
}

/** @type {(heading: string) => HTMLElement} */
function section(heading) {
  return element('section', {}, [element('h2', { class: 'nhsuk-heading-m' }, [heading])])
}

/** @type {(list: HTMLElement) => (name: string, value: string) => void} */
function createTiles(list) {
  /** @type {Map<string, HTMLElement>} */
  const values = new Map()
  return (name, value) => {
    const shown = values.get(name) ?? element('dd')
    if (!values.has(name)) list.append(element('div', { class: 'page-card' }, [element('dt', {}, [name]), shown]))
    values.set(name, shown)
    if (shown.textContent !== value) shown.textContent = value
  }
}
