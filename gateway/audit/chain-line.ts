import { hash } from 'node:crypto'
import { type AuditEvent, isAccessEvent } from './audit-event.ts'
import { boundEvent } from './bound-event.ts'

/** An event, its position in its chain, and the hash of its predecessor. */
export interface ChainLink {
  readonly sequence: number
  readonly writer: string
  /** UTC, ISO 8601 with milliseconds. */
  readonly time: string
  readonly previous: string
  readonly event: WritableEvent
}

/** An event together with its JSON, as created by printEvent. */
export class PrintedEvent {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/**
 * Prints an event as written to the trail, with every text of an access bounded. Every event passes through this
 * function.
 */
export function printEvent(event: AuditEvent): string {
  return JSON.stringify(isAccessEvent(event) ? boundEvent(event) : event)
}

/** An event that can be written to the trail. */
export type WritableEvent = AuditEvent | PrintedEvent

/** A parsed line: its position, its event without validation, and whether its hash matches its text. */
export interface ParsedLink extends Omit<ChainLink, 'event'> {
  readonly event: unknown
  readonly hash: string
  readonly integrity: 'INTACT' | 'CHANGED'
}

/** The previous hash in a chain's first event. */
export const genesis = '0'.repeat(64)

const hashPrefix = ',"hash":"'
const hashSuffixLength = hashPrefix.length + 64 + 2

/**
 * Prints an event as a line, including the newline. The canonical text is the line itself up to its hash, in UTF-8. So
 * an event has one text only, and any changed byte is detected.
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

/** Parses a line without its newline. Returns null if it is no event of a trail. */
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
