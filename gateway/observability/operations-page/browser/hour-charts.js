/// <reference lib="dom" />
/** @import { OperationsFigures, SeriesFigures } from '../operations-figures.ts' */
/** @import { ChartOptions } from '../../../pages/browser/chart.js' */
import { createChart } from '../../../pages/browser/chart.js'
import { element } from '../../../pages/browser/element.js'
import { ensureTableContainer, showTable } from '../../../pages/browser/table.js'
import { toDuration, toPercent } from './format.js'

/**
 * The last hour as lines, each chart with its figures in a table, which is filled while it is open.
 *
 * @param {HTMLElement} section
 * @param {OperationsFigures} first
 * @returns {(figures: OperationsFigures) => void}
 */
export function createHourCharts(section, { regions, series: { slotMs } }) {
  const seconds = slotMs / 1000
  const names = regions.map(({ name }) => name)
  /** @type {readonly HourChart[]} */
  const charts = [
    {
      heading: 'Time in the gateway beside time in regions',
      label: `p95 of ${seconds} seconds: of the time in the gateway, and of the wait for each region`,
      lines: ['In the gateway', ...names.map((name) => `Waiting for ${name}`)],
      toText: toDuration,
      scale: 'log',
      worst: Math.max,
      note: `p95 of each ${seconds} seconds`,
      pick: (series) => [series.gatewayP95Ms, ...series.regions.map(({ p95Ms }) => p95Ms)],
    },
    {
      heading: 'Completeness and answers',
      label: 'The share of patient views that were complete, and of requests that each region answered',
      lines: ['Views complete', ...names.map((name) => `${name} answered`)],
      toText: toPercent,
      range: [0, 1.05],
      worst: Math.min,
      note: `share in each ${seconds} seconds`,
      pick: (series) => [series.complete, ...series.regions.map(({ answered }) => answered)],
    },
    {
      heading: 'Requests',
      label: 'Requests a second, by what came of them',
      lines: ['All', 'Incomplete', 'Refused', 'Failed'],
      toText: (perSecond) => `${perSecond < 10 ? perSecond.toFixed(1) : Math.round(perSecond)}/s`,
      worst: Math.max,
      note: `a second, in each ${seconds} seconds`,
      // Of the slot that is not over, it is not known.
      pick: ({ requests, outcomes }) =>
        [requests, outcomes.INCOMPLETE, outcomes.REFUSED, outcomes.FAILED].map((counts) =>
          counts.map((count, index) => (count === null || index === counts.length - 1 ? null : count / seconds)),
        ),
    },
  ]
  const columns = element('div', { class: 'page-columns' })
  section.append(columns)
  const shows = charts.map((chart) => createHourChart(columns, chart))
  let shownUpTo = 0
  return ({ series, sinceMs, asOfMs }) => {
    const fromMs = Math.max(Math.min(sinceMs, asOfMs - minChartMs), 0)
    const first = Math.max(
      0,
      series.startMs.findIndex((startMs) => startMs + slotMs > fromMs),
    )
    for (const show of shows) show(series, first, series.startMs.at(-1) !== shownUpTo)
    shownUpTo = series.startMs.at(-1) ?? 0
  }
}

/** What charts show of the time soon after a start. */
const minChartMs = 10 * 60_000

/**
 * @typedef {object} HourChart
 * @property {string} heading
 * @property {string} label
 * @property {readonly string[]} lines
 * @property {(value: number) => string} toText
 * @property {ChartOptions['scale']} [scale]
 * @property {ChartOptions['range']} [range]
 * @property {(...values: number[]) => number} worst Of several in a minute, the one for the table.
 * @property {string} note
 * @property {(series: SeriesFigures) => readonly (readonly (number | null)[])[]} pick
 */

/** @type {(columns: HTMLElement, chart: HourChart) => (series: SeriesFigures, first: number, isNewSlot: boolean) => void} */
function createHourChart(columns, { heading, label, lines, toText, scale, range, worst, note, pick }) {
  const place = element('div')
  const details = element('details', { class: 'nhsuk-details' }, [
    element('summary', { class: 'nhsuk-details__summary' }, [
      element('span', { class: 'nhsuk-details__summary-text' }, [`Figures: ${heading.toLowerCase()}`]),
    ]),
  ])
  columns.append(
    element('div', { class: 'page-card' }, [
      element('h3', { class: 'nhsuk-heading-s' }, [heading]),
      element('p', { class: 'page-note nhsuk-body-s' }, [note]),
      place,
      details,
    ]),
  )
  const chart = createChart(place, {
    label,
    lines: lines.map((line, index) => ({ label: line, colour: index + 1 })),
    toText,
    scale,
    range,
  })
  const fill = (/** @type {SeriesFigures} */ series) =>
    showTable(ensureTableContainer(details, 'figures'), {
      caption: `${heading}: for each minute the ${worst === Math.min ? 'lowest' : 'highest'} of its ${note}`,
      columns: ['Minute', ...lines],
      rows: toMinutes(series.startMs, pick(series), worst).map(([minute, ...values]) => [
        minute,
        ...values.map((value) => (value === null ? '–' : toText(value))),
      ]),
    })
  /** @type {SeriesFigures | null} */
  let last = null
  details.addEventListener('toggle', () => details.open && last && fill(last))
  return (series, first, isNewSlot) => {
    last = series
    chart.show(
      series.startMs.slice(first).map((ms) => ms / 1000),
      pick(series).map((line) => line.slice(first)),
    )
    if (details.open && isNewSlot) fill(series)
  }
}

const minuteOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

/**
 * Minutes with anything to tell, the newest first.
 *
 * @type {(startMs: readonly number[], lines: readonly (readonly (number | null)[])[], worst: (...values: number[]) => number) => readonly [string, ...(number | null)[]][]}
 */
function toMinutes(startMs, lines, worst) {
  /** @type {Map<string, number[][]>} */
  const minutes = new Map()
  startMs.forEach((ms, index) => {
    if (lines.every((line) => (line[index] ?? null) === null)) return
    const minute = minuteOfDay.format(ms)
    const values = minutes.get(minute) ?? lines.map(() => [])
    lines.forEach((line, place) => {
      const value = line[index] ?? null
      if (value !== null) values[place]?.push(value)
    })
    minutes.set(minute, values)
  })
  return [...minutes]
    .reverse()
    .map(([minute, values]) => [minute, ...values.map((one) => (one.length === 0 ? null : worst(...one)))])
}
