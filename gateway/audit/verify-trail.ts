import type { Secrets } from '../../schema/secrets.ts'
import { toTrailEntry } from './audit-event.ts'
import type { ChainBreak } from './chain-break.ts'
import type { ChainPoint } from './chain-verifier.ts'
import { findWriterBreaks } from './find-writer-breaks.ts'
import { inspectTrailFolder } from './inspect-trail-folder.ts'
import { listWriters, registerWriter, retentionWriter, toRegisteredHeadFile } from './trail-files.ts'
import { loadHead } from './trail-head.ts'
import { type ChainReport, verifyChain } from './verify-chain.ts'
import { readRegister, type WriterRegister } from './writer-register.ts'

export interface VerifyTrailOptions {
  readonly folder: string
  /** Any of them may have sealed a head. Null: heads' seals are not checked. */
  readonly secrets: Secrets | null
  /** Heads noted elsewhere, by writer; a writer that is named must be there, unless it was retired. */
  readonly expected?: readonly (ChainPoint & { readonly writer: string })[]
}

/** What verifying one writer found. */
export interface WriterReport extends ChainReport {
  /** When the writer was retired: its files may be gone. Null: it was not. */
  readonly retiredAt: string | null
}

/**
 * Proves every writer's chain in a folder, retention's first, for its events say where the others may start; and that
 * each writer of the register is there, at or beyond the head that the register keeps. What no writer made is reported
 * under the name of its entry in the folder.
 */
export async function verifyTrail({
  folder,
  secrets,
  expected = [],
}: VerifyTrailOptions): Promise<readonly WriterReport[]> {
  const register = await readRegister(folder, secrets)
  const inspected = await inspectTrailFolder(folder)
  const faults = new Map([
    ...(await findWriterBreaks(folder, register, secrets)),
    ...inspected.map((fault) => [fault.writer, fault.break] as const),
  ])
  const there = (await listWriters(folder)).filter((writer) => writer !== registerWriter)
  const named = new Set([
    ...there,
    ...register.writers.keys(),
    ...faults.keys(),
    ...expected.map(({ writer }) => writer),
  ])
  named.delete(registerWriter)
  const writers = [...named].sort(
    (a, b) => Number(b === retentionWriter) - Number(a === retentionWriter) || (a < b ? -1 : 1),
  )
  const anchors = new Map<string, Map<number, string>>()
  const noteAnchors = (event: ReturnType<typeof toTrailEntry>['event']) => {
    if (event.kind !== 'RETENTION') return
    const ofWriter = anchors.get(event.writer) ?? new Map<number, string>()
    for (const { sequence, hash } of event.dropped) ofWriter.set(sequence, hash)
    anchors.set(event.writer, ofWriter)
  }
  const reports: WriterReport[] =
    register.isPresent || faults.has(registerWriter)
      ? [toRegisterReport(register, faults.get(registerWriter) ?? null)]
      : []
  for (const writer of writers) {
    const retired = register.writers.get(writer)?.retired ?? null
    const points = expected.filter((point) => point.writer === writer)
    // Nothing is read by way of a link, nor from what is no file of a chain.
    const isUnread =
      inspected.some((fault) => fault.writer === writer) || (!there.includes(writer) && (faults.has(writer) || retired))
    if (isUnread) {
      reports.push(toUnreadReport(writer, faults.get(writer) ?? null, { retired, points, folder }))
      continue
    }
    const report = await verifyChain({
      folder,
      writer,
      secrets,
      anchors: anchors.get(writer) ?? new Map(),
      expected: [
        ...points,
        ...(await loadRegisteredHead(folder, writer, secrets)),
        ...(retired?.head ? [retired.head] : []),
      ],
      onEvent:
        writer === retentionWriter ? ({ integrity: _, ...link }) => noteAnchors(toTrailEntry(link).event) : undefined,
    })
    reports.push({
      ...report,
      break: faults.get(writer) ?? report.break ?? toRetiredBreak(report, retired, folder),
      retiredAt: retired?.time ?? null,
    })
  }
  return reports
}

function toRegisterReport({ report }: WriterRegister, fault: ChainBreak | null): WriterReport {
  return { ...report, break: report.break ?? fault, retiredAt: null }
}

type Retired = NonNullable<ReturnType<WriterRegister['writers']['get']>>['retired']

/** Of a writer whose files are not read: it is retired or missing, or something else is among them. */
function toUnreadReport(
  writer: string,
  fault: ChainBreak | null,
  {
    retired,
    points,
    folder,
  }: { readonly retired: Retired; readonly points: readonly ChainPoint[]; readonly folder: string },
): WriterReport {
  const last = retired?.head ?? null
  const beyond = points.find(({ sequence }) => sequence > (last?.sequence ?? Number.POSITIVE_INFINITY))
  const found: ChainBreak | null = beyond
    ? {
        reason: 'RETIRED',
        file: folder,
        line: null,
        sequence: beyond.sequence,
        explanation: `the writer was retired at sequence ${last?.sequence}, and was seen at ${beyond.sequence}.`,
      }
    : fault
  return { writer, events: 0, last, unconfirmed: 0, tornBytes: 0, break: found, retiredAt: retired?.time ?? null }
}

function toRetiredBreak({ last }: ChainReport, retired: Retired, folder: string): ChainBreak | null {
  if (!retired?.head || (last?.sequence ?? 0) <= retired.head.sequence) return null
  return {
    reason: 'RETIRED',
    file: folder,
    line: null,
    sequence: retired.head.sequence + 1,
    explanation: `the writer was retired at sequence ${retired.head.sequence}, and went on.`,
  }
}

async function loadRegisteredHead(
  folder: string,
  writer: string,
  secrets: Secrets | null,
): Promise<readonly ChainPoint[]> {
  const noted = await loadHead(toRegisteredHeadFile(folder, writer), writer, secrets)
  return typeof noted === 'string' ? [] : [noted]
}
