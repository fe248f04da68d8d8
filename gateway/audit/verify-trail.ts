import { toTrailEntry } from './audit-event.ts'
import type { ChainPoint } from './chain-check.ts'
import { listWriters, retentionWriter } from './trail-files.ts'
import { type ChainReport, verifyChain } from './verify-chain.ts'

export interface VerifyTrailOptions {
  readonly folder: string
  /** Null: heads' seals are not checked. */
  readonly secret: Uint8Array | null
  /** Secrets that may have sealed a head before it. @default none */
  readonly formerSecrets?: readonly Uint8Array[]
  /** Heads noted elsewhere, by writer; a writer that is named must be there. */
  readonly expected?: readonly (ChainPoint & { readonly writer: string })[]
}

/** Proves every writer's chain in a folder, retention's first, for its events say where the others may start. */
export async function verifyTrail({ folder, secret, formerSecrets = [], expected = [] }: VerifyTrailOptions): Promise<readonly ChainReport[]> {
  const named = new Set([...(await listWriters(folder)), ...expected.map(({ writer }) => writer)])
  const writers = [...named].sort((a, b) => Number(b === retentionWriter) - Number(a === retentionWriter) || (a < b ? -1 : 1))
  const anchors = new Map<string, Map<number, string>>()
  const noteAnchors = (event: ReturnType<typeof toTrailEntry>['event']) => {
    if (event.kind !== 'RETENTION') return
    const ofWriter = anchors.get(event.writer) ?? new Map<number, string>()
    for (const { sequence, hash } of event.dropped) ofWriter.set(sequence, hash)
    anchors.set(event.writer, ofWriter)
  }
  const reports: ChainReport[] = []
  for (const writer of writers) {
    reports.push(
      await verifyChain({
        folder,
        writer,
        secrets: secret && [secret, ...formerSecrets],
        anchors: anchors.get(writer) ?? new Map(),
        expected: expected.filter((point) => point.writer === writer),
        onEvent: writer === retentionWriter ? ({ integrity: _, ...link }) => noteAnchors(toTrailEntry(link).event) : undefined,
      }),
    )
  }
  return reports
}
