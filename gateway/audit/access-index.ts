import { z } from 'zod'
import { type AccessEvent, isAccessEvent } from './audit-event.ts'
import type { SalvagedEntry } from './salvage-entry.ts'
import { listWriters } from './trail-files.ts'
import { type AccessKey, createWriterIndex, type OnOddEntry, type WriterIndex } from './writer-index.ts'

/** The accesses that a privacy officer may see: those by these organisations, those to these regions, or all. */
export type AccessScope =
  | 'EVERYTHING'
  | { readonly organisations: readonly string[]; readonly regions: readonly string[] }

export interface AccessQuery {
  /** Accesses outside the scope are left out without a trace. */
  readonly scope: AccessScope
  /** Upper bound on the accesses of the page. */
  readonly first: number
  /** `endCursor` of the previous page, or the cursor of any access; null for the first page. */
  readonly after?: string | null
  /** @default VIEW and DOCUMENT */
  readonly kinds?: readonly AccessEvent['kind'][]
}

/** An access, its position in the trail, and its cursor. The cursor names no patient and no person. */
export type AccessEntry = Omit<SalvagedEntry, 'event'> & { readonly event: AccessEvent; readonly cursor: string }

/** A page of accesses, newest first. */
export interface AccessPage {
  readonly accesses: readonly AccessEntry[]
  readonly hasNextPage: boolean
  /** Cursor of the page's last access; null for an empty page. It names no patient and no person. */
  readonly endCursor: string | null
}

/** Finds accesses in the chains of all writers, including those recorded just now. */
export interface AccessIndex {
  /** Returns the accesses to this patient's record. Throws BadAccessCursor. */
  findByPatient(nhsNumber: string, query: AccessQuery): Promise<AccessPage>
  /** Returns the accesses by this person (NHS CIS2 user id). Throws BadAccessCursor. */
  findByPerson(person: string, query: AccessQuery): Promise<AccessPage>
}

/** A cursor that belongs to no page. */
export class BadAccessCursor extends Error {
  readonly code = 'BAD_CURSOR'
}

/**
 * Creates the index of a trail and starts to read its files. Each query waits for the index, and first reads what was
 * recorded since.
 */
export function createAccessIndex({
  folder,
  onOdd: onOddEntry = () => {},
}: {
  readonly folder: string /** @default nobody */
  readonly onOdd?: OnOddEntry
}): AccessIndex {
  const reported = new Set<string>()
  const reportOnce: OnOddEntry = (odd) => {
    const place = `${odd.writer} ${odd.sequence}`
    if (reported.has(place) || reported.size >= mostTold) return
    reported.add(place)
    onOddEntry(odd)
  }
  const writers = new Map<string, WriterIndex>()
  const refresh = async () => {
    for (const writer of await listWriters(folder)) {
      const index = writers.get(writer) ?? createWriterIndex(folder, writer, reportOnce)
      writers.set(writer, index)
      await index.refresh()
    }
  }
  // One refresh runs at a time. A failed refresh is repeated by the next query, which rejects if it fails again.
  let refreshed = refresh().catch(() => {})
  const query = async (by: AccessKey, value: string, options: AccessQuery) => {
    // Each query runs its own refresh, because it must show what was recorded before it started.
    const current = refreshed.then(refresh)
    refreshed = current.catch(() => {})
    await current
    return findPage(writers, by, value, options)
  }
  return {
    findByPatient: (nhsNumber, options) => query('patient', nhsNumber, options),
    findByPerson: (person, options) => query('person', person, options),
  }
}

// Upper bound on the malformed events that are reported; a trail that was tampered with has more.
const mostTold = 1000

/** Returns whether a scope includes this access. */
export function isInScope({ organisation, region }: AccessEvent, scope: AccessScope): boolean {
  return (
    scope === 'EVERYTHING' ||
    scope.organisations.includes(organisation.odsCode) ||
    (region !== null && scope.regions.includes(region))
  )
}

const defaultKinds: readonly AccessEvent['kind'][] = ['VIEW', 'DOCUMENT']

async function findPage(
  writers: ReadonlyMap<string, WriterIndex>,
  by: AccessKey,
  value: string,
  query: AccessQuery,
): Promise<AccessPage> {
  const { scope, first, after = null, kinds = defaultKinds } = query
  // For each writer, the page contains events below this sequence number. A writer that is new since the first page has
  // newer events only.
  const below =
    after === null
      ? new Map([...writers].map(([writer, { nextSequence }]) => [writer, nextSequence]))
      : readCursor(after)
  const lists: WriterEntries[] = []
  for (const [writer, index] of writers) {
    const entries = index.readNewestFirst(by, value, below.get(writer) ?? 0)
    lists.push({ writer, entries, next: await readNextEntry(entries) })
  }
  const accesses: AccessEntry[] = []
  for (let list = pickNewest(lists); list?.next; list = pickNewest(lists)) {
    const { event, sequence } = list.next
    if (isAccessEvent(event) && kinds.includes(event.kind) && isInScope(event, scope)) {
      if (accesses.length >= first) return toPage(accesses, true, below)
      accesses.push({ ...list.next, event, cursor: printCursor(new Map(below).set(list.writer, sequence)) })
    }
    below.set(list.writer, sequence)
    list.next = await readNextEntry(list.entries)
  }
  return toPage(accesses, false, below)
}

/** One writer's matching entries, and the newest of them that is not yet on the page. */
interface WriterEntries {
  readonly writer: string
  readonly entries: AsyncGenerator<SalvagedEntry>
  next: SalvagedEntry | null
}

function pickNewest(lists: readonly WriterEntries[]): WriterEntries | null {
  return lists.reduce<WriterEntries | null>(
    (newest, list) => (list.next && (!newest?.next || list.next.time > newest.next.time) ? list : newest),
    null,
  )
}

async function readNextEntry(entries: AsyncGenerator<SalvagedEntry>): Promise<SalvagedEntry | null> {
  const { done, value } = await entries.next()
  return done ? null : value
}

function toPage(
  accesses: readonly AccessEntry[],
  hasNextPage: boolean,
  below: ReadonlyMap<string, number>,
): AccessPage {
  return { accesses, hasNextPage, endCursor: accesses.length === 0 ? null : printCursor(below) }
}

function printCursor(below: ReadonlyMap<string, number>): string {
  return Buffer.from(JSON.stringify([...below])).toString('base64url')
}

const cursorSchema = z.array(z.tuple([z.string(), z.int().min(0)]))

function readCursor(text: string): Map<string, number> {
  try {
    return new Map(cursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))))
  } catch (cause) {
    throw new BadAccessCursor('after: expected a cursor of an earlier page', { cause })
  }
}
