/** A text as it may stand in HTML, in an element or a quoted attribute. @type {(text: string) => string} */
export function escapeHtml(text) {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
