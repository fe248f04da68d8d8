import { spawnSync } from 'node:child_process'

/** Whether Debian's `promtool` (package prometheus) is there; with PROMTOOL=required, its absence is a failure. Says so where a test is skipped. */
export function hasPromtool(): boolean {
  const isThere = spawnSync('promtool', ['--version']).status === 0
  if (!isThere && process.env.PROMTOOL === 'required') throw new Error('Expected promtool: `apt-get install -y --no-install-recommends prometheus`, or no PROMTOOL=required')
  if (!isThere) console.warn('SKIPPED: promtool is not here (Debian package prometheus), so metrics are not checked by it')
  return isThere
}

/** What promtool has to say of metrics; empty: nothing. */
export function checkMetrics(text: string): string {
  const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' })
  return status === 0 ? `${stdout}${stderr}` : `exit ${status}: ${stdout}${stderr}`
}
