/// <reference lib="dom" />
import { element } from './element.js'

/**
 * @typedef {object} Table
 * @property {string} caption
 * @property {readonly string[]} columns The first heads the rows.
 * @property {readonly (readonly (string | Node)[])[]} rows The first cell of each heads it.
 */

/**
 * Shows a table in this place, in a box that can be scrolled by keyboard where it is wider than the window. Shown again, only its rows change.
 *
 * @param {HTMLElement} place
 * @param {Table} table
 */
export function showTable(place, { caption, columns, rows }) {
  const body = place.querySelector('tbody') ?? begin(place, caption, columns)
  body.replaceChildren(...rows.map((cells) => element('tr', { class: 'nhsuk-table__row' }, cells.map(toCell))))
}

/** @type {(place: HTMLElement, caption: string, columns: readonly string[]) => HTMLElement} */
function begin(place, caption, columns) {
  const body = element('tbody', { class: 'nhsuk-table__body' })
  const heads = columns.map((name, index) => element('th', { scope: 'col', class: `nhsuk-table__header${index > 0 ? ' page-figure' : ''}` }, [name]))
  place.replaceChildren(
    element('div', { class: 'page-scroll', role: 'region', 'aria-label': caption, tabindex: 0 }, [
      element('table', { class: 'nhsuk-table page-table' }, [
        element('caption', { class: 'nhsuk-table__caption nhsuk-table__caption--s' }, [caption]),
        element('thead', { class: 'nhsuk-table__head' }, [element('tr', {}, heads)]),
        body,
      ]),
    ]),
  )
  return body
}

/** @type {(cell: string | Node, index: number) => HTMLElement} */
function toCell(cell, index) {
  return index === 0 ? element('th', { scope: 'row', class: 'nhsuk-table__header' }, [cell]) : element('td', { class: 'nhsuk-table__cell page-figure' }, [cell])
}
