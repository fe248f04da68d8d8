/** A failed start that the operator can mend. The message says how, and is shown without a stack. */
export class StartupError extends Error {
  /** Exit code of the process. */
  readonly exitCode: number
  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { readonly exitCode?: number } = {}) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** An invalid command line. The message says what is wrong and shows the usage. */
export class UsageError extends StartupError {
  constructor(fault: string, usage: string, options?: ErrorOptions) {
    super(`${fault}\n\n${usage}`, { ...options, exitCode: 2 })
  }
}

/** A value that is not what was expected. loadSettings adds the setting's name. */
export class InvalidSetting extends Error {
  readonly expected: string
  readonly found: string
  constructor(expected: string, found: string, options?: ErrorOptions) {
    super(`expected ${expected}, found ${found}`, options)
    this.expected = expected
    this.found = found
  }
}
