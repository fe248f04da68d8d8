import { z } from 'zod'
import { type AccessEvent, isAccessEvent } from './audit-event.ts'
import type { SalvagedEntry } from './salvage-entry.ts'
import { listWriters } from './trail-files.ts'
import { type AccessKey, createWriterIndex, type OnOddEntry, type WriterIndex } from './writer-index.ts'

/** What a privacy officer may see: accesses made by these organisations or to these regions; or everything. */
export type AccessScope =
  | 'EVERYTHING'
  | { readonly organisations: readonly string[]; readonly regions: readonly string[] }

export interface AccessQuery {
  /** Accesses outside it are left out as if they were not. */
  readonly scope: AccessScope
  /** How many at most. */
  readonly first: number
  /** `endCursor` of the page before, or the cursor of any access; null for the first page. */
  readonly after?: string | null
  /** @default VIEW and DOCUMENT */
  readonly kinds?: readonly AccessEvent['kind'][]
}

/** An access in its place in the trail, and the cursor behind it, which names no patient and no person. */
export type AccessEntry = Omit<SalvagedEntry, 'event'> & { readonly event: AccessEvent; readonly cursor: string }

/** A page of accesses, newest first. */
export interface AccessPage {
  readonly accesses: readonly AccessEntry[]
  readonly hasNextPage: boolean
  /** Where the page ends; null only for an empty page. Names no patient and no person. */
  readonly endCursor: string | null
}

/** Finds accesses over all writers of a trail, those of this moment included. */
export interface AccessIndex {
  /** Who looked at this patient. Throws BadAccessCursor. */
  findByPatient(nhsNumber: string, query: AccessQuery): Promise<AccessPage>
  /** What this person looked at, by NHS CIS2 user id. Throws BadAccessCursor. */
  findByPerson(person: string, query: AccessQuery): Promise<AccessPage>
}

/** A cursor that no page had. */
export class BadAccessCursor extends Error {
  readonly code = 'BAD_CURSOR'
}

/** Begins at once to read a trail's files into an index; a query waits for it, and reads first what was recorded since. */
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
  // One at a time; what failed is tried again by the next query, which is told.
  let refreshed = refresh().catch(() => {})
  const query = async (by: AccessKey, value: string, options: AccessQuery) => {
    // Each query after its own: it must show what was recorded before it was asked.
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

// Odd events that are told of; there are more where a trail was tampered with.
const mostTold = 1000

/** Whether a scope lets this access be seen. */
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
  // For each writer the sequence that the page stays below. A writer that was not there when paging began has only newer events.
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

/** One writer's part of an answer, and the newest of it that is not yet in the page. */
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
