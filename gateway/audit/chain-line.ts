import { hash } from 'node:crypto'
import { type AuditEvent, isAccessEvent } from './audit-event.ts'
import { boundEvent } from './bound-event.ts'

/** An event's place in its chain, and what is chained. */
export interface ChainLink {
  readonly sequence: number
  readonly writer: string
  /** UTC, ISO 8601 with milliseconds. */
  readonly time: string
  readonly previous: string
  readonly event: WritableEvent
}

/** An event whose JSON is at hand: one that printEvent made. */
export class PrintedEvent {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** An event as the trail has it: every text of an access bounded. All that is put on a trail goes through here. */
export function printEvent(event: AuditEvent): string {
  return JSON.stringify(isAccessEvent(event) ? boundEvent(event) : event)
}

/** What is put on the trail. */
export type WritableEvent = AuditEvent | PrintedEvent

/** A line as it was read: its place, its event not yet looked at, and whether its hash fits its text. */
export interface ParsedLink extends Omit<ChainLink, 'event'> {
  readonly event: unknown
  readonly hash: string
  readonly integrity: 'INTACT' | 'CHANGED'
}

/** The hash before a chain's first event. */
export const genesis = '0'.repeat(64)

const hashPrefix = ',"hash":"'
const hashSuffixLength = hashPrefix.length + 64 + 2

/**
 * An event as its line, newline included. The canonical text is the line itself up to its hash, as UTF-8: no two texts of one event
 * exist to argue about, and a changed space is found as surely as a changed name.
 */
export function printLine({ sequence, writer, time, previous, event }: ChainLink): {
  readonly line: string
  readonly hash: string
} {
  const eventText = event instanceof PrintedEvent ? event.text : printEvent(event)
  const text = `{"sequence":${sequence},"writer":"${writer}","time":"${time}","previous":"${previous}","event":${eventText}`
  const own = hash('sha256', text)
  return { line: `${text}${hashPrefix}${own}"}\n`, hash: own }
}

/** The link in a line without its newline; null where the line is no event of a trail. */
export function parseLine(bytes: Buffer): ParsedLink | null {
  const value = parse(bytes)
  if (!isLink(value)) return null
  const isIntact =
    hash('sha256', bytes.subarray(0, -hashSuffixLength)) === value.hash &&
    bytes.toString('latin1', bytes.length - hashSuffixLength) === `${hashPrefix}${value.hash}"}`
  return { ...value, integrity: isIntact ? 'INTACT' : 'CHANGED' }
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}

function isLink(value: unknown): value is Omit<ParsedLink, 'integrity'> {
  if (typeof value !== 'object' || value === null) return false
  const { sequence, writer, time, previous, hash: own, event } = value as Record<string, unknown>
  return (
    Number.isSafeInteger(sequence) &&
    typeof writer === 'string' &&
    typeof time === 'string' &&
    typeof previous === 'string' &&
    typeof own === 'string' &&
    event !== undefined
  )
}
