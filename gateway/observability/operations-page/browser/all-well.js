/** @import { OperationsFigures } from '../operations-figures.ts' */

import { toDuration } from './format.js'
import { toSlowness } from './slowness.js'

/**
 * What is said where there is no notice: how long regions take, of those that were asked often enough to tell; `unsure`
 * where something took long of too few requests for a notice.
 *
 * @param {Pick<OperationsFigures, 'regions' | 'minute'>} figures
 * @returns {{ readonly state: 'good' | 'unsure', readonly text: string }}
 */
export function toAllWell({ regions, minute }) {
  const waits = regions.flatMap(({ code, name }) =>
    minute.regions.filter((one) => one.code === code).map((one) => ({ name, latency: one.waits })),
  )
  const long = [...waits, { name: 'the gateway itself', latency: minute.gateway }].filter(
    ({ latency }) => toSlowness(latency) === 'unsure',
  )
  if (long.length > 0) {
    const texts = long.map(
      ({ name, latency: { count, p95Ms } }) =>
        `${name} took up to ${toDuration(p95Ms)} of ${count} ${count === 1 ? 'request' : 'requests'}`,
    )
    return {
      state: 'unsure',
      text: `Too few requests in the last minute to say whether anything is amiss: ${texts.join('; ')}.`,
    }
  }
  if (waits.every(({ latency }) => latency.count === 0))
    return { state: 'good', text: 'Nothing is amiss; no region was asked in the last minute.' }
  const quickRegions = waits
    .filter(({ latency }) => toSlowness(latency) === 'quick')
    .map(({ name, latency }) => `${name} p95 ${toDuration(latency.p95Ms)}`)
  if (quickRegions.length === 0)
    return {
      state: 'good',
      text: 'Nothing is amiss; regions were asked too seldom in the last minute to tell how long they take.',
    }
  return { state: 'good', text: `Nothing is amiss in the last minute: ${quickRegions.join('; ')}.` }
}
