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
    /** A registered writer is missing. */
    | 'WRITER_MISSING'
    /** A writer is not registered. */
    | 'NOT_REGISTERED'
    /** A head states that there is a register, but there is none. */
    | 'REGISTER_MISSING'
    /** A writer continued after its retirement. */
    | 'RETIRED'
    /** A symbolic or hard link is among the files. */
    | 'LINKED'
    /** A file or folder that no writer creates is among the files. */
    | 'FOREIGN'
  readonly file: string
  /** Line number from 1; null if the break concerns the whole file. */
  readonly line: number | null
  /** Sequence number of the first event concerned; null if unknown. */
  readonly sequence: number | null
  /** One sentence, without any content of the event. */
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

/** The trail does not verify, so it must not be written. */
export class AuditChainBroken extends StartupError {
  readonly code = 'AUDIT_CHAIN_BROKEN'
  readonly break: ChainBreak
  constructor(writer: string, chainBreak: ChainBreak) {
    const remedy = remedies[chainBreak.reason]?.(writer) ?? keepRemedy(writer)
    super(`Audit trail of ${writer}: ${printBreak(chainBreak)} ${remedy}`)
    this.break = chainBreak
  }
}

/** Prints a break as one line of text. */
export function printBreak({ reason, file, line, sequence, explanation }: ChainBreak): string {
  return `${reason} at ${file}${line === null ? '' : `, line ${line}`}${sequence === null ? '' : `, sequence ${sequence}`}: ${explanation}`
}
