import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

/**
 * Whether the browser tests are asked for (CHROMIUM=required), with a loud notice where not; then a missing Chromium is
 * an error.
 */
export function findChromium(): boolean {
  if (process.env.CHROMIUM !== 'required') {
    console.warn(
      '\n*** BROWSER TESTS SKIPPED: `npm run test:browser` runs them (Debian: apt-get install chromium) ***\n',
    )
    return false
  }
  if (!existsSync(executablePath)) throw new Error(`Chromium: expected ${executablePath}, found none`)
  return true
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
