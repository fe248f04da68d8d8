/** Space, controls and marks that nobody sees, at either end of a text. */
const unseen = /^[\s\p{Z}\p{C}]+|[\s\p{Z}\p{C}]+$/gu

/** A text as the ODS code that it means: 1 to 16 of A to Z and 0 to 9 (see organisationCode), in capitals, without space around it; null where it is none. */
export function toOdsCode(text: string): string | null {
  const code = text.replace(unseen, '')
  return /^[A-Za-z0-9]{1,16}$/.test(code) ? code.toUpperCase() : null
}
