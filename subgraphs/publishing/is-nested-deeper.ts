const quote = 0x22
const backslash = 0x5c
const openings = new Set([0x5b, 0x7b])
const closings = new Set([0x5d, 0x7d])

/**
 * Whether objects and arrays of a JSON text stand within more than so many others. JSON.parse bears a depth at which what walks the value later
 * would exceed the stack. One pass over the text; of a text that is no JSON the answer means nothing.
 */
export function isNestedDeeper(json: string, levels: number): boolean {
  let depth = 0
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at)
    if (unit === quote) {
      at = endOfString(json, at)
      if (at < 0) return false
    } else if (openings.has(unit)) {
      if (++depth > levels) return true
    } else if (closings.has(unit)) depth--
  }
  return false
}

/** The place of the quote that ends a string; negative where none does. */
function endOfString(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let before = at
    while (json.charCodeAt(before - 1) === backslash) before--
    if ((at - before) % 2 === 0) return at
  }
  return -1
}
