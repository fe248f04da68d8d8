const numbers = new Intl.NumberFormat('en-GB')

/** A figure with its thousands apart; a suppressed one as a star, which the report explains. @type {(count: number | null) => string} */
export function printCount(count) {
  return count === null ? '*' : numbers.format(count)
}

/** A share from 0 to 1 as a percentage. @type {(share: number | null) => string} */
export function printShare(share) {
  return share === null ? '–' : `${(100 * share).toFixed(1)} %`
}
