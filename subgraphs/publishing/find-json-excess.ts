import { bundleLimits } from './bundle-limits.ts'

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const openings = new Set([0x5b, 0x7b])
const closings = new Set([0x5d, 0x7d])

/** `Bundle.entry` stands in the Bundle's object. */
const entryDepth = 2

/**
 * What of a JSON text goes beyond what a Bundle may hold (limits.ts), as a fault's text; null: nothing, or it is no JSON. One pass over the text,
 * before it is parsed: values that are nested deeply exceed the stack of what walks them, and those of millions of members take seconds to make.
 */
export function findJsonExcess(json: string): string | null {
  const members: number[] = [0]
  let depth = 0
  for (let at = 0; at < json.length; at++) {
    const unit = json.charCodeAt(at)
    if (unit === quote) {
      at = findStringEnd(json, at)
      if (at < 0) return null
    } else if (unit === comma) {
      const found = (members[depth] ?? 0) + 1
      members[depth] = found
      const most = depth <= entryDepth ? bundleLimits.entries : bundleLimits.list
      if (found >= most)
        return `expected at most ${bundleLimits.entries} entries, and ${bundleLimits.list} values in one list or object, found more`
    } else if (openings.has(unit)) {
      if (++depth > bundleLimits.depth)
        return `expected at most ${bundleLimits.depth} lists and objects within one another, found more`
      members[depth] = 0
    } else if (closings.has(unit)) depth--
  }
  return null
}

/** The place of the quote that ends a string; negative where none does. */
function findStringEnd(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let before = at
    while (json.charCodeAt(before - 1) === backslash) before--
    if ((at - before) % 2 === 0) return at
  }
  return -1
}
