import { StartupError } from '../service/startup-error.ts'

/** A fault in a region's policies that stops the start. The message names file, line and reason. */
export class PolicyFault extends StartupError {
  readonly code = 'POLICY_FAULT'
  readonly file: string
  /** Line number, from 1. */
  readonly line: number
  readonly reason: string

  constructor(file: string, line: number, reason: string) {
    super(`${file}:${line}: ${reason}`)
    this.file = file
    this.line = line
    this.reason = reason
  }
}
