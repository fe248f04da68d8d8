import { fault } from './graphql-errors.ts'

/** How long a justification and a review's note may be. Characters are Unicode code points, so that the longest takes 8,000 bytes of UTF-8. */
export const leastJustification = 10
export const mostReviewedText = 2000

// Neither is read by anybody: ten of them are no justification.
const invisible = /\p{Default_Ignorable_Code_Point}|\p{Cc}/gu

/**
 * Why the glass is broken, as it is kept: without white space at its ends. It has 10 to 2,000 characters; for the least, a run of white space counts
 * as one and what is invisible (controls, zero width) as none. Throws JUSTIFICATION_TOO_SHORT and JUSTIFICATION_TOO_LONG.
 */
export function toJustification(text: string): string {
  const kept = text.toWellFormed().trim()
  if (countCharacters(kept) > mostReviewedText) throw fault('JUSTIFICATION_TOO_LONG', `Expected a justification of ${mostReviewedText} characters or fewer.`)
  const visible = kept.replace(/\s+/gu, ' ').replace(invisible, '').trim()
  if (countCharacters(visible) < leastJustification) throw fault('JUSTIFICATION_TOO_SHORT', `Expected a justification of ${leastJustification} characters or more.`)
  return kept
}

/** What a reviewer writes, as it is kept: up to 2,000 characters. Throws NOTE_TOO_LONG. */
export function toReviewNote(text: string): string {
  const kept = text.toWellFormed().trim()
  if (countCharacters(kept) > mostReviewedText) throw fault('NOTE_TOO_LONG', `Expected a note of ${mostReviewedText} characters or fewer.`)
  return kept
}

function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
