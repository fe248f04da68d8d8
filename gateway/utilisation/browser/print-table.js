import { escapeHtml } from './escape-html.js'

/**
 * A table as HTML; the first cell of a row heads it, figures are to the right.
 *
 * @param {string} caption
 * @param {readonly string[]} columns
 * @param {readonly (readonly string[])[]} rows
 * @returns {string}
 */
export function printTable(caption, columns, rows) {
  const heads = columns.map(
    (name, index) =>
      `<th scope="col" class="nhsuk-table__header${index > 0 ? ' page-figure' : ''}">${escapeHtml(name)}</th>`,
  )
  return `<div class="page-scroll" role="region" aria-label="${escapeHtml(caption)}" tabindex="0"><table class="nhsuk-table page-table utilisation-table">
<caption class="nhsuk-table__caption nhsuk-table__caption--s">${escapeHtml(caption)}</caption>
<thead class="nhsuk-table__head"><tr>${heads.join('')}</tr></thead>
<tbody class="nhsuk-table__body">
${rows.map((cells) => `<tr class="nhsuk-table__row">${cells.map(printCell).join('')}</tr>`).join('\n')}
</tbody></table></div>`
}

/** @type {(text: string, index: number) => string} */
function printCell(text, index) {
  return index === 0
    ? `<th scope="row" class="nhsuk-table__header">${escapeHtml(text)}</th>`
    : `<td class="nhsuk-table__cell page-figure">${escapeHtml(text)}</td>`
}
