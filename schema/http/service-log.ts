/** Where a service tells what went wrong; never given variables or documents, which hold NHS numbers. */
export type ServiceLog = (message: string, error: unknown) => void

/** The error whole, on standard error, but for what a parser says: it quotes the text, which may be a patient's record. */
export const logToConsole: ServiceLog = (message, error) => console.error(message, error instanceof SyntaxError ? withoutMessage(error) : error)

function withoutMessage({ name, stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  return [`${name}: expected a text that parses, found another`, ...frames].join('\n')
}
