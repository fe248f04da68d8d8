import { StartRefused } from '../../schema/process/start-refused.ts'

/** What is wrong with a chain at its first break. */
export interface ChainBreak {
  readonly reason: 'CHANGED' | 'REMOVED' | 'INSERTED' | 'REORDERED' | 'CUT_TAIL' | 'HEAD_MISSING' | 'HEAD_CHANGED'
  readonly file: string
  /** From 1; null where the break is the file's. */
  readonly line: number | null
  /** Of the first event concerned; null where it cannot be told. */
  readonly sequence: number | null
  /** One sentence; never of what the event says. */
  readonly explanation: string
}

/** A trail that must not be written on, for what it holds does not verify. */
export class AuditChainBroken extends StartRefused {
  readonly code = 'AUDIT_CHAIN_BROKEN'
  readonly break: ChainBreak
  constructor(writer: string, chainBreak: ChainBreak) {
    super(`Audit trail of ${writer}: ${printBreak(chainBreak)} Keep the files as they are; a gateway can go on under another writer's name.`)
    this.break = chainBreak
  }
}

/** A break in one line of text. */
export function printBreak({ reason, file, line, sequence, explanation }: ChainBreak): string {
  return `${reason} at ${file}${line === null ? '' : `, line ${line}`}${sequence === null ? '' : `, sequence ${sequence}`}: ${explanation}`
}
