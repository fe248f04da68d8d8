import { expect, test } from 'vitest'
import { readEvents } from '../support/audit/read-events.ts'
import {
  breakGlass,
  breakGlassInput,
  consultant,
  readDecision,
  runPublishedOperation,
} from '../support/consent/broken-glass.ts'
import { startSystem } from '../support/system.ts'

test('breaking the glass opens the record to the person who broke it, and every view under it names the grant', async () => {
  await using system = await startSystem({ people: true })
  const { errors, data } = await runPublishedOperation(system, consultant, 'break-glass', breakGlassInput)
  expect(errors).toEqual([])
  const { status, message, grant, until, breakGlass: options } = data.breakGlass
  expect([status, options]).toEqual(['DONE', []])
  expect(message).toContain('The glass is broken at e-Xchange')
  expect(grant).toMatch(/^cheshire-merseyside\./)
  const lastsMs = Date.parse(until) - Date.now()
  expect(lastsMs > 59 * 60_000 && lastsMs <= 60 * 60_000).toBe(true)

  expect(await readDecision(system)).toEqual({ status: 'ANSWERED', code: 'OVERRIDDEN', grant })
  expect(await readDecision(system, { ...consultant, person: '799' })).toEqual({
    status: 'PERMISSION_REQUIRED',
    code: 'PERMISSION_REQUIRED',
    grant: null,
  })
  const [first, second] = await readEvents(system, 'VIEW')
  expect([first?.authority, second?.authority]).toEqual([{ kind: 'GRANT', id: grant }, null])
})

test('a clinician who breaks the same glass again gets the same grant', async () => {
  await using system = await startSystem({ people: true })
  const grant = await breakGlass(system)
  expect(await breakGlass(system)).toBe(grant)
})

test('a refusal lists the reasons for which the region lets its barrier be broken', async () => {
  await using system = await startSystem({ people: true })
  const { errors, data } = await runPublishedOperation(system, consultant, 'break-glass', {
    ...breakGlassInput,
    reason: 'COURT_ORDER',
  })
  expect(errors).toEqual([])
  expect(data.breakGlass).toMatchObject({
    status: 'REFUSED',
    grant: null,
    until: null,
    breakGlass: [{ barrier: 'PERMISSION', reasons: ['EMERGENCY', 'PUBLIC_INTEREST', 'STATUTE'] }],
  })
  expect(data.breakGlass.message).toContain(
    'Against the missing permission e-Xchange takes emergency, public interest and statute.',
  )
  expect(await readDecision(system)).toMatchObject({ status: 'PERMISSION_REQUIRED' })
})

test('a justification holds 10 to 2,000 characters as people count them, and any other is refused before any call', async () => {
  await using system = await startSystem({ people: true })
  const codesOf = async (justification: string) => {
    const { errors, text } = await runPublishedOperation(system, consultant, 'break-glass', {
      ...breakGlassInput,
      justification,
    })
    expect(text).not.toContain(justification.trim())
    return errors.map(({ extensions }) => extensions.code)
  }
  const before = system.requests()
  for (const short of [
    '  too short  ',
    'a b      c',
    '\u200b'.repeat(12),
    'nine chr.\u2060\u200d\u00ad',
    '😀'.repeat(9),
  ])
    expect(await codesOf(short), short).toEqual(['JUSTIFICATION_TOO_SHORT'])
  for (const long of ['x'.repeat(2001), '😀'.repeat(2001)])
    expect(await codesOf(long), `${long.length} units`).toEqual(['JUSTIFICATION_TOO_LONG'])
  expect(system.requests()).toEqual(before)
  expect(await readEvents(system, 'BREAK_GLASS')).toEqual([])
  for (const fit of ['ten chars.', '  ten chars.  ', '😀'.repeat(10), '😀'.repeat(2000)])
    expect(await codesOf(fit), `${fit.length} units`).toEqual([])
})

test('a grant holds at the organisation where the person took it, and not for the same person elsewhere', async () => {
  await using system = await startSystem({ people: true })
  const grant = await breakGlass(system)
  expect(await readDecision(system, { ...consultant, organisation: 'RXR' })).toEqual({
    status: 'PERMISSION_REQUIRED',
    code: 'PERMISSION_REQUIRED',
    grant: null,
  })
  expect(await readDecision(system)).toMatchObject({ code: 'OVERRIDDEN', grant })
  const { data } = await runPublishedOperation(
    system,
    { ...consultant, organisation: 'RXR' },
    'break-glass',
    breakGlassInput,
  )
  expect(data.breakGlass).toMatchObject({ status: 'DONE', grant: expect.not.stringMatching(grant) })
})

test('a viewer whom the access rules refuse cannot break the glass, and no region is called', async () => {
  await using system = await startSystem({ people: true })
  const before = system.requests()
  const { data } = await runPublishedOperation(system, { ...consultant, role: 'R8010' }, 'break-glass', breakGlassInput)
  expect(data.breakGlass).toMatchObject({ status: 'REFUSED', grant: null, breakGlass: [] })
  expect(system.requests()).toEqual(before)
})
