import type { ChainBreak } from './chain-break.ts'
import { type ParsedLink, parseLine } from './chain-line.ts'
import { type ChainPoint, createChainVerifier } from './chain-verifier.ts'
import { listTrailFiles, readLines, toHeadFile } from './trail-files.ts'
import { loadHead } from './trail-head.ts'

export interface VerifyChainOptions {
  readonly folder: string
  readonly writer: string
  /**
   * Any of them may have sealed the head. Null: its seal is not checked, and whoever can write the trail can have made
   * it.
   */
  readonly secrets: readonly Uint8Array[] | null
  /** Last events of dropped files, by sequence, as retention events tell. */
  readonly anchors: ReadonlyMap<number, string>
  /** Heads noted elsewhere, which the chain must go through. */
  readonly expected: readonly ChainPoint[]
  /** Is shown every event that verified, in order. */
  readonly onEvent?: (link: ParsedLink) => void
}

/** What verifying one writer's chain found. */
export interface ChainReport {
  readonly writer: string
  /** Events that verified, from the first to the break or the end. */
  readonly events: number
  readonly last: ChainPoint | null
  /** Events after the head: of a write under way, or of a writer that was killed; none after an end in order. */
  readonly unconfirmed: number
  /** Bytes after the last line: likewise. */
  readonly tornBytes: number
  readonly break: ChainBreak | null
}

/** Proves one writer's chain, streaming, or finds its first break. */
export async function verifyChain(options: VerifyChainOptions): Promise<ChainReport> {
  const { folder, writer, secrets, anchors, expected, onEvent } = options
  // The head first: what is written meanwhile comes after it.
  const headFile = toHeadFile(folder, writer)
  const head = await loadHead(headFile, writer, secrets)
  const files = await listTrailFiles(folder, writer)
  const points = typeof head === 'string' ? expected : [head, ...expected]
  const check = createChainVerifier({ writer, start: { anchors }, points })
  let events = 0
  let tornBytes = 0
  let found: ChainBreak | null = null

  scan: for (const file of files) {
    let number = 0
    for await (const lines of readLines(file.path)) {
      for (const { bytes, ending } of lines) {
        number++
        if (found) {
          if (parseLine(bytes)?.sequence !== found.sequence) continue
          found = { ...found, reason: 'REORDERED', explanation: `it comes later, at ${file.path}, line ${number}.` }
          break scan
        }
        if (ending === 'TORN' && file === files.at(-1)) {
          tornBytes = bytes.length
          break scan
        }
        found = check.checkLine(bytes, file.path, number)
        // An event that is missing may come later: only then are they out of order.
        if (found && found.reason !== 'REMOVED') break scan
        if (found) continue
        if (number === 1 && check.last?.sequence !== file.firstSequence) {
          found = {
            file: file.path,
            line: 1,
            sequence: check.last?.sequence ?? null,
            reason: 'CHANGED',
            explanation: 'the file was renamed: its name gives another first sequence.',
          }
          break scan
        }
        events++
        if (onEvent && check.last) onEvent(check.last)
      }
    }
  }
  const { last } = check
  const reached = last && { sequence: last.sequence, hash: last.hash }
  const unconfirmed = typeof head === 'string' ? 0 : Math.max(0, (reached?.sequence ?? 0) - head.sequence)
  const atEnd = () => check.end(files.at(-1)?.path ?? headFile) ?? toHeadBreak(headFile, head)
  return { writer, events, last: reached, unconfirmed, tornBytes, break: found ?? atEnd() }
}

function toHeadBreak(file: string, head: ChainPoint | 'MISSING' | 'CHANGED'): ChainBreak | null {
  const atHead = { file, line: null, sequence: null }
  if (head === 'MISSING')
    return { ...atHead, reason: 'HEAD_MISSING', explanation: 'there is no head, so a cut tail could not be found.' }
  if (head === 'CHANGED')
    return { ...atHead, reason: 'HEAD_CHANGED', explanation: 'no head there bears the seal of this secret.' }
  return null
}
