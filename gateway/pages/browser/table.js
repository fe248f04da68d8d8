/// <reference lib="dom" />
import { element } from './element.js'

/**
 * @typedef {object} Table
 * @property {string} caption
 * @property {readonly string[]} columns The first heads the rows.
 * @property {readonly (readonly [name: string, columns: number])[]} [groups] What heads the columns after the first, so many of them together.
 * @property {readonly (readonly (string | Node)[])[]} rows The first cell of each heads it.
 */

/**
 * Shows a table in this place, in a box that can be scrolled by keyboard where it is wider than the window. Shown again, only what differs changes.
 *
 * @param {HTMLElement} place
 * @param {Table} table
 */
export function showTable(place, { caption, columns, groups = [], rows }) {
  const body = place.querySelector('tbody') ?? begin(place, caption, columns, groups)
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
 * The place for a table of this name in a part of the page; made at its end where there is none.
 *
 * @param {HTMLElement} part
 * @param {string} name
 * @returns {HTMLElement}
 */
export function placeOf(part, name) {
  const found = part.querySelector(`[data-table="${name}"]`)
  if (found instanceof HTMLElement) return found
  const made = element('div', { 'data-table': name })
  part.append(made)
  return made
}

/** @type {(place: HTMLElement, caption: string, columns: readonly string[], groups: NonNullable<Table['groups']>) => HTMLTableSectionElement} */
function begin(place, caption, columns, groups) {
  const body = element('tbody', { class: 'nhsuk-table__body' })
  const heads = columns.map((name, index) =>
    element('th', { scope: 'col', class: `nhsuk-table__header${index > 0 ? ' page-figure' : ''}` }, [name]),
  )
  const groupHeads = groups.map(([name, span]) =>
    element('th', { scope: 'colgroup', colspan: span, class: 'nhsuk-table__header page-group' }, [name]),
  )
  const groupRow = groups.length === 0 ? [] : [element('tr', {}, [element('td'), ...groupHeads])]
  place.replaceChildren(
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
