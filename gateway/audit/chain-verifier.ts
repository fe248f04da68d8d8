import type { ChainBreak } from './chain-break.ts'
import { genesis, type ParsedLink, parseLine } from './chain-line.ts'

/** Sequence number and hash of an event that a chain must contain. */
export interface ChainPoint {
  readonly sequence: number
  readonly hash: string
}

export interface ChainVerifierOptions {
  readonly writer: string
  /**
   * Where the chain may start: at the beginning, or after an event that a retention event names. `anywhere` checks a
   * section of it.
   */
  readonly start: 'anywhere' | { readonly anchors: ReadonlyMap<number, string> }
  /** Points that the chain must contain: its head, and heads recorded elsewhere. */
  readonly points: readonly ChainPoint[]
}

export interface ChainVerifier {
  /** Checks the next line and returns the break that it reveals, or null. */
  checkLine(bytes: Buffer, file: string, line: number): ChainBreak | null
  /** Returns the break that the end of the chain reveals, a tail that was cut off, or null. */
  end(file: string): ChainBreak | null
  /** The last event checked. */
  readonly last: ParsedLink | null
}

/**
 * Creates a verifier of one writer's chain, line by line. It holds only the last line, and must not be used after the
 * first break.
 */
export function createChainVerifier({ writer, start, points }: ChainVerifierOptions): ChainVerifier {
  const pointsAt = Map.groupBy(points, ({ sequence }) => sequence)
  const furthest = points.reduce((most, { sequence }) => Math.max(most, sequence), 0)
  let last: ParsedLink | null = null
  let place = { file: '', line: 0 }

  const findBreak = (bytes: Buffer, file: string, line: number): ChainBreak | null => {
    const link = parseLine(bytes)
    const expected = last ? last.sequence + 1 : null
    const here = { file, line, sequence: expected }
    if (!link) return { ...here, reason: 'CHANGED', explanation: 'the line is no event.' }
    if (link.integrity === 'CHANGED')
      return { ...here, reason: 'CHANGED', explanation: 'its hash does not fit its text.' }
    if (link.writer !== writer)
      return { ...here, reason: 'INSERTED', explanation: `it is of the chain of another writer, ${link.writer}.` }
    const misplaced = last ? findMisplaced(link, last, here) : findFalseStart(link, here)
    if (misplaced) return misplaced
    if (pointsAt.get(link.sequence)?.some(({ hash }) => hash !== link.hash)) {
      return {
        file,
        line,
        sequence: link.sequence,
        reason: 'CHANGED',
        explanation: 'it was changed and hashed anew: the head, or the point to expect, holds another hash.',
      }
    }
    last = link
    place = { file, line }
    return null
  }

  const findFalseStart = (link: ParsedLink, { file, line }: { file: string; line: number }): ChainBreak | null => {
    if (start === 'anywhere') return null
    if (link.sequence === 1) {
      return link.previous === genesis
        ? null
        : {
            file,
            line,
            sequence: 1,
            reason: 'CHANGED',
            explanation: 'the first event of a chain has no event before it.',
          }
    }
    if (start.anchors.get(link.sequence - 1) === link.previous) return null
    return {
      file,
      line,
      sequence: 1,
      reason: 'REMOVED',
      explanation: `no retention event tells of sequences 1 to ${link.sequence - 1}.`,
    }
  }

  const findMisplaced = (
    link: ParsedLink,
    before: ParsedLink,
    here: { file: string; line: number },
  ): ChainBreak | null => {
    const expected = before.sequence + 1
    if (link.sequence > expected)
      return { ...here, sequence: expected, reason: 'REMOVED', explanation: `sequence ${link.sequence} comes next.` }
    if (link.sequence === before.sequence)
      return { ...place, sequence: link.sequence, reason: 'INSERTED', explanation: 'this sequence comes twice.' }
    if (link.sequence < expected)
      return {
        ...here,
        sequence: link.sequence,
        reason: 'INSERTED',
        explanation: `it comes after sequence ${before.sequence}.`,
      }
    if (link.previous === before.hash) return null
    return {
      ...place,
      sequence: before.sequence,
      reason: 'CHANGED',
      explanation: 'it was changed and hashed anew, or the event after it was: they do not join.',
    }
  }

  return {
    checkLine: findBreak,
    end(file) {
      const reached = last?.sequence ?? 0
      if (reached >= furthest) return null
      const explanation = `the chain ends at ${reached}, and went on to ${furthest}.`
      return { ...(last ? place : { file, line: null }), sequence: reached + 1, reason: 'CUT_TAIL', explanation }
    },
    get last() {
      return last
    },
  }
}
