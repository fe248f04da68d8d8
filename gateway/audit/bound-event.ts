import { hash } from 'node:crypto'
import type { AccessEvent } from './audit-event.ts'

/** Upper bound on a text of an event, in UTF-8 bytes of its JSON string without quotes. */
export const mostTextBytes = 256
/** Upper bound on the texts in a list of an event. */
export const mostListed = 64

/**
 * Returns the event with every text bounded, because a caller's text is written once for each patient and region. A
 * long text ends in `… (cut from N characters, sha256 HEX)`, with the hash of the whole text. A long list ends in the
 * number of texts left out.
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

// A UTF-16 code unit takes at most six bytes, as \u0000.
const alwaysShort = Math.floor(mostTextBytes / 6)

/** Returns the text, or a prefix that fits together with the mark of the cut. */
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
