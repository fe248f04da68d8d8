/** A start that the person at the keyboard can mend; the message says how, and is shown without a stack. */
export class StartupError extends Error {
  /** What the process ends with. */
  readonly exitCode: number
  constructor(message: string, { exitCode = 1, ...options }: ErrorOptions & { readonly exitCode?: number } = {}) {
    super(message, options)
    this.exitCode = exitCode
  }
}

/** A command line that cannot be obeyed: what is wrong, and the usage. */
export class UsageError extends StartupError {
  constructor(fault: string, usage: string, options?: ErrorOptions) {
    super(`${fault}\n\n${usage}`, { ...options, exitCode: 2 })
  }
}

/** A value that is not what it should be, for whoever knows the name of the setting it came from. */
export class InvalidSetting extends Error {
  readonly expected: string
  readonly found: string
  constructor(expected: string, found: string, options?: ErrorOptions) {
    super(`expected ${expected}, found ${found}`, options)
    this.expected = expected
    this.found = found
  }
}
