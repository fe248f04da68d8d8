import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { createTrailFolder } from '../support/audit/trail-folder.ts'

const lives = 6
const program = fileURLToPath(new URL('../support/audit/writing-process.ts', import.meta.url))

/**
 * Lets a process write until it has acknowledged so many requests, kills it, and gives the ids of all that it
 * acknowledged.
 */
async function liveAndDie(folder: string, life: number, acknowledgements: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [program, folder, `life-${life}`], { stdio: ['ignore', 'pipe', 'inherit'] })
  const acknowledged: string[] = []
  for await (const line of createInterface(child.stdout)) {
    acknowledged.push(line)
    if (acknowledged.length === acknowledgements) child.kill('SIGKILL')
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  return acknowledged
}

test('a writer killed again and again under load has every acknowledged event on disk, and its chain verifies', async () => {
  using place = createTrailFolder()
  const acknowledged: string[] = []
  for (let life = 1; life <= lives; life++) {
    acknowledged.push(...(await liveAndDie(place.folder, life, 1 + Math.floor(Math.random() * 400))))
    expect(await place.verify()).toMatchObject({ break: null })
  }
  await using trail = await place.open()
  const written = new Map<string, number>()
  for (const line of await place.lines()) {
    const { event } = JSON.parse(line)
    if (event.kind === 'VIEW') written.set(event.requestId, (written.get(event.requestId) ?? 0) + 1)
  }
  expect(acknowledged.length).toBeGreaterThan(lives)
  expect(acknowledged.filter((requestId) => written.get(requestId) !== 2)).toEqual([])
  expect(await place.verify()).toMatchObject({ break: null, unconfirmed: 0, tornBytes: 0 })
  expect(trail.status).toBe('OPEN')
})
