/// <reference lib="dom" />
import uPlot from 'uplot'
import { element } from './element.js'

/**
 * @typedef {object} Line
 * @property {string} label
 * @property {number} colour Number of the line's colour, from 1 to 6. Dash patterns differ too, for people who cannot
 *   tell colours apart.
 */

/**
 * @typedef {object} ChartOptions
 * @property {string} label Describes the chart in words; a table beside it has the figures.
 * @property {readonly Line[]} lines
 * @property {(value: number) => string} toText Formats a value.
 * @property {'linear' | 'log'} [scale] Default: linear, from 0.
 * @property {readonly [number, number]} [range] Range of the value axis. Default: fits the values.
 * @property {number} [height] In pixels. Default: 220.
 * @property {(seconds: number) => string} [toTime] Formats an instant on the time axis. Default: the time of day.
 */

/**
 * @typedef {object} Chart
 * @property {(seconds: readonly number[], values: readonly (readonly (number | null)[])[]) => void} show Shows each
 *   line's values at these instants (seconds since 1970); null: no value.
 */

const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' })

/**
 * Draws lines over time at the container's width, in the light or dark colours. It has the same height without
 * values.
 *
 * @param {HTMLElement} container
 * @param {ChartOptions} options
 * @returns {Chart}
 */
export function createChart(container, options) {
  const {
    label,
    lines,
    toText,
    scale = 'linear',
    range,
    height = 220,
    toTime = (seconds) => timeOfDay.format(seconds * 1000),
  } = options
  const canvas = element('div', { class: 'page-chart', role: 'img', 'aria-label': label })
  container.replaceChildren(canvas)
  /** @type {uPlot.AlignedData} */
  let values = [[], ...lines.map(() => [])]
  /** @type {uPlot | null} */
  let plot = null

  const draw = () => {
    plot?.destroy()
    const text = colour('text')
    const axis = {
      stroke: text,
      grid: { stroke: colour('grid'), width: 1 },
      ticks: { stroke: colour('grid'), width: 1 },
      font: '14px Arial, sans-serif',
    }
    plot = new uPlot(
      {
        width: Math.max(200, canvas.clientWidth),
        height,
        cursor: { y: false, drag: { setScale: false } },
        legend: { live: true },
        scales: {
          x: { time: true },
          y:
            scale === 'log'
              ? { distr: 3, log: 10 }
              : { range: (_, _min, max) => (range ? [...range] : [0, max > 0 ? max * 1.1 : 1]) },
        },
        axes: [
          { ...axis, space: 70, values: (_, instants) => instants.map(toTime) },
          {
            ...axis,
            size: 68,
            ...(scale === 'log' ? { splits: toDecades } : {}),
            values: (_, marks) => marks.map((mark) => (mark === null ? '' : toText(mark))),
          },
        ],
        series: [
          { label: 'Time', value: (_, seconds) => (seconds === null ? '–' : toTime(seconds)) },
          ...lines.map((line, index) => ({
            label: line.label,
            stroke: colour(`line-${line.colour}`),
            width: 2,
            dash: dashes[index % dashes.length],
            // Points are always shown, because with few requests a value may have no neighbour to draw a line to.
            points: { show: true, size: 4 },
            value: (/** @type {uPlot} */ _, /** @type {number | null} */ value) =>
              value === null ? '–' : toText(value),
          })),
        ],
      },
      values,
      canvas,
    )
  }
  draw()
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => canvas.isConnected && draw())
  new ResizeObserver(() => plot?.setSize({ width: Math.max(200, canvas.clientWidth), height })).observe(canvas)
  return {
    show(seconds, next) {
      values = [[...seconds], ...next.map((one) => [...one])]
      plot?.setData(values)
    },
  }
}

/**
 * Returns one mark per power of ten, where uPlot would draw nine.
 *
 * @type {(plot: uPlot, axis: number, least: number, most: number) => number[]}
 */
function toDecades(_plot, _axis, least, most) {
  const [first, last] = [Math.ceil(Math.log10(least)), Math.floor(Math.log10(most))]
  return Number.isFinite(first) && Number.isFinite(last)
    ? Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index))
    : []
}

const dashes = [[], [8, 4], [2, 3], [12, 4, 2, 4]]

/** @type {(name: string) => string} */
function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--page-${name}`).trim()
}
