import { hash } from 'node:crypto'
import type { AccessEvent } from './audit-event.ts'

/** The most bytes that a text of an event takes on the trail, as the UTF-8 of a JSON string without its quotes. */
export const mostTextBytes = 256
/** How many texts a list of an event has at the most. */
export const mostListed = 64

/**
 * The event with every text bounded, whoever wrote it: what a caller sends is on the trail once for each patient and region. A text that is too long
 * ends in `… (cut from N characters, sha256 HEX)`, the hash being that of the whole text; a list ends in how many were left out.
 */
export function boundEvent(event: AccessEvent): AccessEvent {
  return bound(event) as AccessEvent
}

function bound(value: unknown): unknown {
  if (typeof value === 'string') return boundText(value)
  if (Array.isArray(value)) return boundList(value)
  if (typeof value !== 'object' || value === null) return value
  const bounded: Record<string, unknown> = {}
  for (const name in value) bounded[name] = bound((value as Readonly<Record<string, unknown>>)[name])
  return bounded
}

function boundList(list: readonly unknown[]): readonly unknown[] {
  if (list.length <= mostListed) return list.map(bound)
  return [...list.slice(0, mostListed - 1).map(bound), `… (${list.length - mostListed + 1} more)`]
}

// A UTF-16 unit takes six bytes at the most, as \u0000.
const alwaysShort = Math.floor(mostTextBytes / 6)

/** The text, or as much of its beginning as fits beside the mark that it was cut. */
export function boundText(text: string): string {
  if (text.length <= alwaysShort || bytesOf(text) <= mostTextBytes) return text
  const mark = `… (cut from ${text.length} characters, sha256 ${hash('sha256', text)})`
  let left = mostTextBytes - bytesOf(mark)
  let kept = ''
  for (const character of text) {
    left -= bytesOf(character)
    if (left < 0) break
    kept += character
  }
  return kept + mark
}

function bytesOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2
}
