import { StartupError } from '../../schema/service/startup-error.ts'

/** The first fault of a chain, or of the folder that holds it. */
export interface ChainBreak {
  readonly reason:
    | 'CHANGED'
    | 'REMOVED'
    | 'INSERTED'
    | 'REORDERED'
    | 'CUT_TAIL'
    | 'HEAD_MISSING'
    | 'HEAD_CHANGED'
    /** A registered writer is not there. */
    | 'WRITER_MISSING'
    /** There is a writer that is not registered. */
    | 'NOT_REGISTERED'
    /** A head says that there is a register, and there is none. */
    | 'REGISTER_MISSING'
    /** A writer went on after it was retired. */
    | 'RETIRED'
    /** A link, symbolic or hard, is among the files. */
    | 'LINKED'
    /** Something that no writer made is among the files. */
    | 'FOREIGN'
  readonly file: string
  /** From 1; null where the break is the file's. */
  readonly line: number | null
  /** Of the first event concerned; null where it cannot be told. */
  readonly sequence: number | null
  /** One sentence; never of what the event says. */
  readonly explanation: string
}

const remedies: Partial<Record<ChainBreak['reason'], (writer: string) => string>> = {
  WRITER_MISSING: (writer) =>
    `Bring its folder back; or say on the trail that it is gone for good: npm run audit -- retire --writer ${writer}.`,
  NOT_REGISTERED: () => 'Move it away, or give it its name back.',
  REGISTER_MISSING: () => 'Bring the folder `register` back as it was.',
  RETIRED: () => 'Start the gateway under another name (AUDIT_WRITER).',
  LINKED: () => 'Put the file or folder itself in its place.',
  FOREIGN: () => 'Move it away.',
}

const keepRemedy = (writer: string) =>
  `Keep the files as they are; a gateway can go on under another writer's name, once this one is retired: npm run audit -- retire --writer ${writer}.`

/** A trail that must not be written on, for what it holds does not verify. */
export class AuditChainBroken extends StartupError {
  readonly code = 'AUDIT_CHAIN_BROKEN'
  readonly break: ChainBreak
  constructor(writer: string, chainBreak: ChainBreak) {
    const remedy = remedies[chainBreak.reason]?.(writer) ?? keepRemedy(writer)
    super(`Audit trail of ${writer}: ${printBreak(chainBreak)} ${remedy}`)
    this.break = chainBreak
  }
}

/** A break in one line of text. */
export function printBreak({ reason, file, line, sequence, explanation }: ChainBreak): string {
  return `${reason} at ${file}${line === null ? '' : `, line ${line}`}${sequence === null ? '' : `, sequence ${sequence}`}: ${explanation}`
}
