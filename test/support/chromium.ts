import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

/** Whether the browser tests can run here. Where they must (CHROMIUM=required), a missing Chromium is an error, else a loud notice. */
export function findChromium(): boolean {
  const found = existsSync(executablePath)
  if (!found && process.env.CHROMIUM === 'required') throw new Error(`Chromium: expected ${executablePath}, found none`)
  if (!found) console.warn(`\n*** BROWSER TESTS SKIPPED: no ${executablePath} here (Debian: apt-get install chromium) ***\n`)
  return found
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  })
}
