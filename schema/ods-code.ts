/** White space, controls and invisible marks at either end. */
const unseen = /^[\s\p{Z}\p{C}]+|[\s\p{Z}\p{C}]+$/gu

/**
 * Converts a text to the ODS code that it means: 1 to 16 of A to Z and 0 to 9, in capitals, trimmed. Null if it is
 * none.
 */
export function toOdsCode(text: string): string | null {
  const code = text.replace(unseen, '')
  return /^[A-Za-z0-9]{1,16}$/.test(code) ? code.toUpperCase() : null
}
