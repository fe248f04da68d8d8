/** @import { UtilisationTrend } from '../../../schema/generated/patient-view.ts' */
import { escapeHtml } from './escape-html.js'
import { printCount } from './print-count.js'

const width = 560
const height = 200
const left = 70
const bottom = 46
const top = 12

/**
 * Bars over periods as SVG, with the mean as a line: a picture that prints, and stands in a file by itself. A
 * suppressed period has a mark in place of a bar.
 *
 * @param {string} label
 * @param {UtilisationTrend} trend
 * @returns {string}
 */
export function printChart(label, { periods, mean }) {
  // Even, so that the line in the middle has a whole number too.
  const maxCount = 2 * Math.max(1, ...periods.map(({ count }) => Math.ceil((count ?? 0) / 2)))
  const step = (width - left) / periods.length
  const toHeight = (/** @type {number} */ count) => ((height - top - bottom) * count) / maxCount
  const base = height - bottom
  const bars = periods.map(({ period, count }, index) => {
    const x = left + index * step
    const name = `<text class="utilisation-axis" x="${x + step / 2}" y="${base + 14}" text-anchor="end" transform="rotate(-45 ${x + step / 2} ${base + 14})">${escapeHtml(period)}</text>`
    if (count === null)
      return `${name}<text class="utilisation-axis" x="${x + step / 2}" y="${base - 4}" text-anchor="middle">*</text>`
    return `${name}<rect class="utilisation-bar" x="${x + 3}" y="${base - toHeight(count)}" width="${step - 6}" height="${toHeight(count)}"/>`
  })
  const lines = [0, maxCount / 2, maxCount].map((mark) => {
    const y = base - toHeight(mark)
    return `<line class="utilisation-grid" x1="${left}" x2="${width}" y1="${y}" y2="${y}"/><text class="utilisation-axis" x="${left - 6}" y="${y + 4}" text-anchor="end">${printCount(mark)}</text>`
  })
  const meanLine =
    mean === null
      ? ''
      : `<line class="utilisation-mean" x1="${left}" x2="${width}" y1="${base - toHeight(mean)}" y2="${base - toHeight(mean)}"/>`
  return `<svg class="utilisation-chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(label)}">${lines.join('')}${bars.join('')}${meanLine}</svg>`
}
