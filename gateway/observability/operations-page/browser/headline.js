/// <reference lib="dom" />
/** @import { OperationsFigures } from '../operations-figures.ts' */
import { element } from '../../../pages/browser/element.js'
import { toAllWell } from './all-well.js'

/**
 * What there is to know first: what is amiss and how, or that nothing is. Its figures move with each look; it is told
 * aloud only when something begins or ceases to be amiss.
 *
 * @param {HTMLElement} place
 * @returns {(figures: OperationsFigures) => void}
 */
export function createHeadline(place) {
  const list = element('ul', { class: 'operations-notices', id: 'notices' })
  const card = element('div', { class: 'page-card operations-headline' }, [list])
  const aloud = element('p', { role: 'status', class: 'nhsuk-u-visually-hidden' })
  place.append(card, aloud)
  /** @type {string | null} */
  let lastAnnounced = null
  return (figures) => {
    const { notices } = figures
    const well = toAllWell(figures)
    const texts = notices.length === 0 ? [well.text] : notices.map(({ text }) => text)
    const state = notices.length === 0 ? well.state : 'bad'
    card.dataset.state = state
    const shown = [...list.children].map(({ textContent }) => textContent)
    if (texts.join('\n') !== shown.join('\n')) list.replaceChildren(...texts.map((text) => element('li', {}, [text])))
    const kinds = [state, ...notices.map(({ region, kind }) => `${region} ${kind}`)].join()
    if (kinds !== lastAnnounced) aloud.textContent = texts.join(' ')
    lastAnnounced = kinds
  }
}
