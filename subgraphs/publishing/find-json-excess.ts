import { bundleLimits } from './bundle-limits.ts'

const quote = 0x22
const comma = 0x2c
const backslash = 0x5c
const openings = new Set([0x5b, 0x7b])
const closings = new Set([0x5d, 0x7d])

/** `Bundle.entry` is two levels deep. */
const entryDepth = 2

/**
 * Finds where a JSON text exceeds bundle-limits.ts, as a fault's text; null if it does not, or is no JSON. It scans the
 * text before parsing, because deep nesting overflows the stack and millions of members take seconds to build.
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

/** Finds the index of the quote that ends a string; negative if none does. */
function findStringEnd(json: string, start: number): number {
  for (let at = json.indexOf('"', start + 1); at >= 0; at = json.indexOf('"', at + 1)) {
    let before = at
    while (json.charCodeAt(before - 1) === backslash) before--
    if ((at - before) % 2 === 0) return at
  }
  return -1
}
