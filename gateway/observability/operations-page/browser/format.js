/// <reference lib="dom" />

/** @type {(ms: number | null) => string} */
export function toDuration(ms) {
  if (ms === null) return '–'
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`
}

/** A share from 0 to 1. Never 100 % while anything is missing. @type {(share: number | null) => string} */
export function toPercent(share) {
  if (share === null) return '–'
  return share === 1 ? '100 %' : `${(Math.floor(share * 1000) / 10).toFixed(1)} %`
}

/** @type {(part: number, all: number) => string} */
export function toShare(part, all) {
  return toPercent(all === 0 ? null : part / all)
}

const wholeNumber = new Intl.NumberFormat('en-GB')

/** @type {(count: number) => string} */
export function toCount(count) {
  return wholeNumber.format(count)
}

/** @type {(bytes: number) => string} */
export function toMegabytes(bytes) {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' })

/** @type {(instantMs: number) => string} */
export function toTimeOfDay(instantMs) {
  return timeOfDay.format(instantMs)
}

/** A name of a closed list, as TIMED_OUT, in words. @type {(name: string) => string} */
export function toWords(name) {
  const words = name.toLowerCase().replaceAll('_', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}
