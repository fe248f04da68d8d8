import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Secrets } from '../../schema/secrets.ts'
import { AuditChainBroken, type ChainBreak } from './chain-break.ts'
import { genesis } from './chain-line.ts'
import { type ChainPoint, createChainVerifier } from './chain-verifier.ts'
import { listTrailFiles, readLines, type TrailFile, toHeadFile } from './trail-files.ts'
import { loadHead } from './trail-head.ts'

/** The end of a writer's chain, and what a crash left there. */
export interface ChainTail {
  /** The last complete event. */
  readonly last: ChainPoint
  /** The last event that the head confirmed. */
  readonly confirmed: ChainPoint
  /** The file to append to, and its valid bytes; null if there is none. */
  readonly file: { readonly file: TrailFile; readonly bytes: number } | null
  /** The bytes after those, of an incomplete write. */
  readonly tornBytes: { readonly bytes: number; readonly hash: string } | null
}

/**
 * Loads the last file of a writer's chain and verifies it against its head and heads recorded elsewhere. Throws
 * AuditChainBroken if the chain must not be written.
 */
export async function loadChainTail(
  folder: string,
  writer: string,
  secrets: Secrets,
  expected: readonly ChainPoint[] = [],
): Promise<ChainTail> {
  const files = await listTrailFiles(folder, writer)
  const headFile = toHeadFile(folder, writer)
  const head = await loadHead(headFile, writer, secrets)
  const stop = (chainBreak: ChainBreak) => new AuditChainBroken(writer, chainBreak)
  const atHead = { file: headFile, line: null, sequence: null }
  const beginning = { sequence: 0, hash: genesis }
  if (head === 'CHANGED')
    throw stop({ ...atHead, reason: 'HEAD_CHANGED', explanation: 'no head there bears the seal of this secret.' })
  if (head === 'MISSING' && files.length > 0)
    throw stop({ ...atHead, reason: 'HEAD_MISSING', explanation: 'there are events, and no head.' })
  const confirmed = head === 'MISSING' ? beginning : head
  const points = [confirmed, ...expected]

  // A file may be empty only if a crash came between its creation and its first event.
  const newest = files.at(-1) ?? null
  let whole = 0
  let torn: ChainTail['tornBytes'] = null
  let check = createChainVerifier({ writer, start: 'anywhere', points })
  for (const file of files.toReversed()) {
    check = createChainVerifier({ writer, start: 'anywhere', points })
    const tornFrom = await checkFile(file, check, confirmed, stop)
    if (file === newest) {
      whole = tornFrom.offset
      torn = tornFrom.bytes > 0 ? { bytes: tornFrom.bytes, hash: tornFrom.hash } : null
    } else if (tornFrom.bytes > 0) {
      throw stop({
        file: file.path,
        line: null,
        sequence: null,
        reason: 'CHANGED',
        explanation: 'the file ends within a line, and another follows it.',
      })
    }
    if (check.last) break
  }
  const cut = check.end(newest?.path ?? headFile)
  if (cut) throw stop(cut)
  return { last: check.last ?? beginning, confirmed, file: newest && { file: newest, bytes: whole }, tornBytes: torn }
}

/** Finds where the complete lines of the chain end in a file, and what follows. */
async function checkFile(
  { path }: TrailFile,
  check: ReturnType<typeof createChainVerifier>,
  confirmed: ChainPoint,
  stop: (chainBreak: ChainBreak) => Error,
): Promise<{ readonly offset: number; readonly bytes: number; readonly hash: string }> {
  let number = 0
  let offset = 0
  for await (const lines of readLines(path)) {
    for (const line of lines) {
      number++
      const chainBreak = line.ending === 'WHOLE' ? check.checkLine(line.bytes, path, number) : null
      // After a power cut, unsynced blocks may read as zeros although later blocks are present.
      const isNeverWritten =
        chainBreak !== null && line.bytes.includes(0) && (check.last?.sequence ?? 0) >= confirmed.sequence
      if (line.ending === 'TORN' || isNeverWritten)
        return { offset: line.offset, ...(await hashFrom(path, line.offset)) }
      if (chainBreak) throw stop(chainBreak)
      offset = line.offset + line.bytes.length + 1
    }
  }
  return { offset, bytes: 0, hash: '' }
}

async function hashFrom(path: string, start: number): Promise<{ readonly bytes: number; readonly hash: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { start })) {
    hash.update(chunk)
    bytes += chunk.length
  }
  return { bytes, hash: hash.digest('hex') }
}
