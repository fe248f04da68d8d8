import type { PublishEffect } from '../../store/published-by.ts'
import type { PublicationOutcome } from '../../store/record-store.ts'
import type { MappedBundle } from '../to-publication.ts'
import { printFileLine } from './print-refusal.ts'

/** A patient whose record, or of whose record something, a Bundle published. */
export interface ImportedPatient {
  readonly file: string
  readonly line: number | null
  /** The Patient of the Bundle; null where its entries only refer to the patient by number. */
  readonly entry: number | null
  /** As stored: re-numbered, where asked. */
  readonly nhsNumber: string
}

/** What became of the entries of one resource type. */
export interface TypeTally extends Readonly<Record<PublishEffect, number>> {
  readonly read: number
  /** Understood, but only referred to by others: an organisation, or a report without a document. */
  readonly withinOthers: number
  readonly notUnderstood: number
}

const nothing: TypeTally = {
  read: 0,
  created: 0,
  updated: 0,
  retracted: 0,
  unchanged: 0,
  older: 0,
  withinOthers: 0,
  notUnderstood: 0,
}

/** Counts the entries that were not refused; for each type, what was read is the sum of the other columns. */
export function createImportTally() {
  const byType = new Map<string, TypeTally>()
  return {
    byType: byType as ReadonlyMap<string, TypeTally>,
    /** A Bundle and what became of its publications. */
    add({ type, entries, refused }: MappedBundle, outcomes: readonly PublicationOutcome[]): void {
      const publishEffect = new Map(
        outcomes.flatMap((outcome) => (outcome.status === 'stored' ? [...outcome.entries] : [])),
      )
      const isRefusedWhole = type !== 'batch' && outcomes.some(({ status }) => status === 'refused')
      for (const { entry, resourceType, understood, published } of isRefusedWhole ? [] : entries) {
        const stored = publishEffect.get(entry)
        if (refused.has(entry) || (published > 0 && !stored)) continue
        const tally = byType.get(resourceType) ?? nothing
        const column = stored ?? (understood ? 'withinOthers' : 'notUnderstood')
        byType.set(resourceType, { ...tally, read: tally.read + 1, [column]: tally[column] + 1 })
      }
    },
  }
}

/** Which numbers the patients were given: a line `FILE  NHSNUMBER` for each patient of each Bundle. */
export function printPatients(patients: readonly ImportedPatient[]): string {
  return [...new Set(patients.map(({ nhsNumber, ...place }) => `${printFileLine(place)}  ${nhsNumber}`))].join('\n')
}

const columns = [
  ['read', 'read'],
  ['created', 'created'],
  ['updated', 'updated'],
  ['retracted', 'retracted'],
  ['unchanged', 'unchanged'],
  ['older', 'older'],
  ['within others', 'withinOthers'],
  ['not understood', 'notUnderstood'],
] as const

/** A table of what was read and what became of it, a row for each resource type and one for all. */
export function printTally(byType: ReadonlyMap<string, TypeTally>): string {
  const rows = [...byType]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([type, tally]) => [type, ...columns.map(([, key]) => tally[key])] as const)
  const total = ['total', ...columns.map((_, index) => rows.reduce((sum, row) => sum + Number(row[index + 1]), 0))]
  const table = [['resource type', ...columns.map(([title]) => title)], ...rows, total].map((row) => row.map(String))
  const widths = table[0]?.map((_, index) => Math.max(...table.map((row) => row[index]?.length ?? 0))) ?? []
  return table
    .map((row) =>
      row
        .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
        .join('  '),
    )
    .join('\n')
}
