import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'

const executablePath = '/usr/bin/promtool'

/** Whether promtool is there; a loud notice where it is not, which PROMTOOL=required makes an error. */
export function hasPromtool(): boolean {
  if (existsSync(executablePath)) return true
  if (process.env.PROMTOOL === 'required')
    throw new Error(`promtool: expected ${executablePath} (Debian: apt-get install prometheus), found none`)
  console.warn(
    '\n*** TESTS WITH PROMTOOL SKIPPED: `npm run test:prometheus` insists on them (Debian: apt-get install prometheus) ***\n',
  )
  return false
}

/** Runs promtool; its exit code and all that it says. */
export function promtool(
  args: readonly string[],
  input = '',
): Promise<{ readonly code: number; readonly says: string }> {
  return new Promise((resolve) => {
    const child = execFile(executablePath, args, (error, out, err) =>
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, says: out + err }),
    )
    child.stdin?.end(input)
  })
}
