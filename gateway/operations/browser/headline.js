/// <reference lib="dom" />
/** @import { OperationsFigures } from '../operations-figures.ts' */
import { element } from '../../pages/browser/element.js'
import { toDuration } from './words.js'

/**
 * What there is to know first: which region is amiss and how, or that none is. Its figures move with each look; it is told aloud only when a region
 * begins or ceases to be amiss.
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
  let told = null
  return (figures) => {
    const { notices } = figures
    const texts = notices.length === 0 ? [toAllWell(figures)] : notices.map(({ text }) => text)
    card.dataset.state = notices.length === 0 ? 'good' : 'bad'
    const shown = [...list.children].map(({ textContent }) => textContent)
    if (texts.join('\n') !== shown.join('\n')) list.replaceChildren(...texts.map((text) => element('li', {}, [text])))
    const kinds = notices.map(({ region, kind }) => `${region} ${kind}`).join()
    if (kinds !== told) aloud.textContent = texts.join(' ')
    told = kinds
  }
}

/** @type {(figures: OperationsFigures) => string} */
function toAllWell({ regions, minute }) {
  const asked = regions.flatMap(({ code, name }) => {
    const p95Ms = minute.regions.find((one) => one.code === code)?.waits.p95Ms ?? null
    return p95Ms === null ? [] : [`${name} p95 ${toDuration(p95Ms)}`]
  })
  return asked.length === 0 ? 'Nothing is amiss; no region was asked in the last minute.' : `Nothing is amiss in the last minute: ${asked.join('; ')}.`
}
