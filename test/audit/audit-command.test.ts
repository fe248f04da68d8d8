import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { accessEvent } from '../support/audit/access-event.ts'
import { createTrailFolder, secrets } from '../support/audit/trail-folder.ts'

const program = fileURLToPath(new URL('../../gateway/audit/main.ts', import.meta.url))

async function run(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly output: string; readonly errors: string }> {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, output, errors }
}

async function createRecorded() {
  const place = createTrailFolder()
  const secretFile = `${place.folder}.secret`
  writeFileSync(secretFile, secrets[0])
  await using trail = await place.open()
  for (let index = 0; index < 5; index++) await trail.record([accessEvent()])
  return {
    place,
    head: `gateway-1:${trail.head.sequence}:${trail.head.hash}`,
    options: ['--folder', place.folder, '--secret', secretFile] as const,
  }
}

test('the verify command reports a whole trail, where it ends, and how fast it was read', async () => {
  const { place, head, options } = await createRecorded()
  using _ = place
  const { code, output } = await run('verify', ...options, '--expect', head)
  expect(output).toContain(`gateway-1: whole, 5 events, ends at ${head}.`)
  expect(output).toMatch(/5 events of 1 writers in [\d.]+ s, \d+ events a second/)
  expect(code).toBe(0)
})

test('the verify command names the first break by file, line, sequence and reason, shows no content of the event, and exits 1', async () => {
  const { place, options } = await createRecorded()
  using _ = place
  const [file = ''] = await place.files()
  await place.rewrite(file, (lines) => lines.replace(/("sequence":3.*)"items":7/, '$1"items":0'))
  const { code, output } = await run('verify', ...options)
  expect(output).toContain(`gateway-1: BROKEN. CHANGED at ${file}, line 3, sequence 3:`)
  expect(output).not.toContain('9990000018')
  expect(code).toBe(1)
})

test('the verify command says so when it has no secret', async () => {
  const { place } = await createRecorded()
  using _ = place
  const { code, output } = await run('verify', '--folder', place.folder, '--secret', join(place.folder, 'nothing'))
  expect(output).toContain('not checked')
  expect(code).toBe(0)
})

test('the export command prints one AuditEvent per line, and the prune command says that nothing is old enough', async () => {
  const { place, options } = await createRecorded()
  using _ = place
  const exported = await run('export', ...options, '--since', '2020-01-01')
  expect(
    exported.output
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).resourceType),
  ).toEqual(Array(5).fill('AuditEvent'))
  expect(await run('prune', ...options)).toMatchObject({ code: 0, output: 'Nothing is older than 8 years.\n' })
})

test.each([
  [['mend'], 'COMMAND: expected verify, export, prune or retire, found mend'],
  [['export', '--since', 'tuesday'], '--since: expected a time'],
  [['verify', '--expect', 'gateway-1'], '--expect: expected WRITER:SEQUENCE:HASH'],
  [['retire'], '--writer: expected the name of a writer, found none'],
  [['verify', '--witness', '/nowhere'], '--witness: expected the file of a witness, found nothing at /nowhere'],
  [['prune', '--years', '0'], '--years: expected a whole number of at least 1, found 0'],
  [['verify', '--folder', '/nowhere'], '--folder: expected an audit trail, found nothing at /nowhere'],
])('the audit command refuses %j and says what it expects', async (args, message) => {
  using place = createTrailFolder()
  const { code, errors } = await run('--folder', place.folder, ...args)
  expect(errors).toContain(message)
  expect(code).toBe(2)
})
