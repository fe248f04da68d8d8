import { createJsonLogger, type DestinationStream, openStandardError } from './json-logger.ts'

/** Logs faults. It must never receive variables or documents, because they hold NHS numbers. */
export type ServiceLog = (message: string, error: unknown) => void

/**
 * Writes a JSON line for each fault: what failed, and the error's type, code, message, causes and stack frames.
 * @default standard error
 */
export function createServiceLog(to: DestinationStream = openStandardError()): ServiceLog {
  const lines = createJsonLogger(to)
  return (message, error) => lines.error({ error: toLogged(error, maxCauses) }, message)
}

interface LoggedError {
  readonly type: string
  readonly message: string
  readonly code?: string
  /** Only the frames of the stack, because the lines above them are the message. */
  readonly stack?: string
  readonly cause?: LoggedError
  readonly errors?: readonly LoggedError[]
}

const maxCauses = 5

/**
 * Leaves out all other properties, because libraries put documents and variables there, and a parser's message, because
 * it quotes the text.
 */
function toLogged(error: unknown, causesLeft: number): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error) }
  const { name, message, stack = '', cause } = error
  const errors = error instanceof AggregateError ? error.errors : []
  return {
    type: name,
    message: error instanceof SyntaxError ? 'expected a text that parses, found another' : message,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    stack: toStackFrames(stack),
    ...(cause !== undefined && causesLeft > 0 ? { cause: toLogged(cause, causesLeft - 1) } : {}),
    ...(errors.length > 0 && causesLeft > 0
      ? { errors: errors.slice(0, maxCauses).map((one) => toLogged(one, causesLeft - 1)) }
      : {}),
  }
}

function toStackFrames(stack: string): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  return frames.map((frame) => frame.trim()).join('\n')
}
