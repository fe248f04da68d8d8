import { fault } from './graphql-errors.ts'

/**
 * Lengths of a justification and of a review's note, in Unicode code points. The longest takes 8,000 bytes of UTF-8.
 */
export const minJustificationCharacters = 10
export const maxReviewedTextCharacters = 2000

// Nobody can read these characters, so ten of them are no justification.
const invisible = /\p{Default_Ignorable_Code_Point}|\p{Cc}/gu

/**
 * Validates a justification and trims it: 10 to 2,000 characters. For the minimum, a run of white space counts as one
 * character and invisible ones (controls, zero width) as none. Throws JUSTIFICATION_TOO_SHORT and
 * JUSTIFICATION_TOO_LONG.
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

/** Validates a reviewer's note and trims it: at most 2,000 characters. Throws NOTE_TOO_LONG. */
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
