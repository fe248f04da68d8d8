import { fault } from './graphql-errors.ts'

/** How long a justification and a review's note may be. Characters are Unicode code points, so that the longest takes 8,000 bytes of UTF-8. */
export const minJustificationCharacters = 10
export const maxReviewedTextCharacters = 2000

// Neither is read by anybody: ten of them are no justification.
const invisible = /\p{Default_Ignorable_Code_Point}|\p{Cc}/gu

/**
 * Why the glass is broken, as it is kept: without white space at its ends. It has 10 to 2,000 characters; for the least, a run of white space counts
 * as one and what is invisible (controls, zero width) as none. Throws JUSTIFICATION_TOO_SHORT and JUSTIFICATION_TOO_LONG.
 */
export function toJustification(text: string): string {
  const trimmed = text.toWellFormed().trim()
  if (countCharacters(trimmed) > maxReviewedTextCharacters)
    throw fault(
      'JUSTIFICATION_TOO_LONG',
      `Expected a justification of ${maxReviewedTextCharacters} characters or fewer.`,
    )
  const visible = trimmed.replace(/\s+/gu, ' ').replace(invisible, '').trim()
  if (countCharacters(visible) < minJustificationCharacters)
    throw fault(
      'JUSTIFICATION_TOO_SHORT',
      `Expected a justification of ${minJustificationCharacters} characters or more.`,
    )
  return trimmed
}

/** What a reviewer writes, as it is kept: up to 2,000 characters. Throws NOTE_TOO_LONG. */
export function toReviewNote(text: string): string {
  const trimmed = text.toWellFormed().trim()
  if (countCharacters(trimmed) > maxReviewedTextCharacters)
    throw fault('NOTE_TOO_LONG', `Expected a note of ${maxReviewedTextCharacters} characters or fewer.`)
  return trimmed
}

function countCharacters(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}
