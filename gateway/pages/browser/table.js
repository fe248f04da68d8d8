/// <reference lib="dom" />
import { element } from './element.js'

/**
 * @typedef {object} Table
 * @property {string} caption
 * @property {readonly string[]} columns Column headings; the first column holds the row headings.
 * @property {readonly (readonly [name: string, columns: number])[]} [groups] Headings over the
 *   columns after the first, with the number of columns that each spans.
 * @property {readonly (readonly (string | Node)[])[]} rows The first cell of each row is its heading.
 */

/**
 * Shows a table that scrolls by keyboard if it is wider than the window. A repeated call changes only the cells that
 * differ.
 *
 * @param {HTMLElement} container
 * @param {Table} table
 */
export function showTable(container, { caption, columns, groups = [], rows }) {
  const body = container.querySelector('tbody') ?? begin(container, caption, columns, groups)
  while (body.rows.length > rows.length) body.deleteRow(-1)
  rows.forEach((cells, index) => {
    const row = body.rows[index] ?? addRow(body, cells.length)
    cells.forEach((cell, column) => {
      const shown = row.cells[column]
      if (typeof cell !== 'string') shown?.replaceChildren(cell)
      else if (shown && shown.textContent !== cell) shown.textContent = cell
    })
  })
}

/**
 * Returns the container of the table with this name, appended to the part of the page if it is missing.
 *
 * @param {HTMLElement} part
 * @param {string} name
 * @returns {HTMLElement}
 */
export function ensureTableContainer(part, name) {
  const found = part.querySelector(`[data-table="${name}"]`)
  if (found instanceof HTMLElement) return found
  const made = element('div', { 'data-table': name })
  part.append(made)
  return made
}

/**
 * @type {(container: HTMLElement, caption: string, columns: readonly string[],
 *   groups: NonNullable<Table['groups']>) => HTMLTableSectionElement}
 */
function begin(container, caption, columns, groups) {
  const body = element('tbody', { class: 'nhsuk-table__body' })
  const heads = columns.map((name, index) =>
    element('th', { scope: 'col', class: `nhsuk-table__header${index > 0 ? ' page-figure' : ''}` }, [name]),
  )
  const groupHeads = groups.map(([name, span]) =>
    element('th', { scope: 'colgroup', colspan: span, class: 'nhsuk-table__header page-group' }, [name]),
  )
  const groupRow = groups.length === 0 ? [] : [element('tr', {}, [element('td'), ...groupHeads])]
  container.replaceChildren(
    element('div', { class: 'page-scroll', role: 'region', 'aria-label': caption, tabindex: 0 }, [
      element('table', { class: 'nhsuk-table page-table' }, [
        element('caption', { class: 'nhsuk-table__caption nhsuk-table__caption--s' }, [
          element('span', { class: 'page-caption' }, [caption]),
        ]),
        ...(groups.length === 0
          ? []
          : [element('colgroup', { span: 1 }), ...groups.map(([, span]) => element('colgroup', { span }))]),
        element('thead', { class: 'nhsuk-table__head' }, [...groupRow, element('tr', {}, heads)]),
        body,
      ]),
    ]),
  )
  return body
}

/** @type {(body: HTMLTableSectionElement, columns: number) => HTMLTableRowElement} */
function addRow(body, columns) {
  const cells = Array.from({ length: columns }, (_, index) =>
    index === 0
      ? element('th', { scope: 'row', class: 'nhsuk-table__header' })
      : element('td', { class: 'nhsuk-table__cell page-figure' }),
  )
  const row = element('tr', { class: 'nhsuk-table__row' }, cells)
  body.append(row)
  return row
}
