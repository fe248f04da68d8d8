/**
 * The instant whose 24 characters, as stores write them (`2026-11-27T16:06:09.935Z`), begin there, in milliseconds since 1970. Null: it is written
 * in another way, or of a day that not every month has, and is for Date.parse, which takes five times as long.
 */
export function readInstant(bytes: Uint8Array, at: number): number | null {
  const isForm =
    bytes[at + 4] === dash &&
    bytes[at + 7] === dash &&
    bytes[at + 10] === letterT &&
    bytes[at + 13] === colon &&
    bytes[at + 16] === colon &&
    bytes[at + 19] === stop &&
    bytes[at + 23] === letterZ
  if (!isForm) return null
  const year = 100 * twoDigits(bytes, at) + twoDigits(bytes, at + 2)
  const month = twoDigits(bytes, at + 5)
  const day = twoDigits(bytes, at + 8)
  const hour = twoDigits(bytes, at + 11)
  const minute = twoDigits(bytes, at + 14)
  const second = twoDigits(bytes, at + 17)
  const milliseconds = 10 * twoDigits(bytes, at + 20) + digit(bytes, at + 22)
  const isDay = year >= 0 && month >= 1 && month <= 12 && day >= 1 && day <= 28
  const isTime = hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 59 && milliseconds >= 0
  if (!isDay || !isTime) return null
  // A leap day comes before the months after it.
  const leapYear = month > 2 ? year : year - 1
  const leapDays = Math.floor(leapYear / 4) - Math.floor(leapYear / 100) + Math.floor(leapYear / 400)
  const days = 365 * year + leapDays + (daysBefore[month] ?? 0) + day - daysBefore1970
  return ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + milliseconds
}

const [dash, colon, stop, letterT, letterZ] = Array.from('-:.TZ', (character) => character.charCodeAt(0))
const daysBefore = [0, 0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]
/** With 477 leap days, and the first of January. */
const daysBefore1970 = 365 * 1970 + 477 + 1

/** Of each byte the digit that it is; so little for any other that no number with it is in range. */
const digits = Int32Array.from({ length: 256 }, (_, byte) => (byte >= 48 && byte <= 57 ? byte - 48 : -1_000_000))

function digit(bytes: Uint8Array, at: number): number {
  return digits[bytes[at] ?? 0] ?? 0
}

function twoDigits(bytes: Uint8Array, at: number): number {
  return 10 * digit(bytes, at) + digit(bytes, at + 1)
}
