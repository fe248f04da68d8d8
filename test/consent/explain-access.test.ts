import { expect, test } from 'vitest'
import { readEvents } from '../support/audit/read-events.ts'
import {
  auditor,
  consultant,
  guardian,
  officer,
  patient,
  runPublishedOperation,
} from '../support/consent/broken-glass.ts'
import { concept, item, numberOf, patient as patientOf, publication } from '../support/store/publications.ts'
import { startSystem } from '../support/system.ts'

const viewer = { role: 'R0050', organisation: 'REM' }

test("an officer's question goes only to the officer's own regions", async () => {
  await using system = await startSystem({ people: true })
  const regionsFor = async (who: Parameters<typeof system.token>[0]) =>
    (await runPublishedOperation(system, who, 'explain-access', { nhsNumber: patient, viewer })).data.explainAccess.map(
      ({ region }: { region: { code: string } }) => region.code,
    )
  const before = system.requests()
  expect(await regionsFor(guardian)).toEqual(['CHESHIRE_MERSEYSIDE'])
  expect(await regionsFor(auditor)).toEqual(['LANCASHIRE_SOUTH_CUMBRIA'])
  expect(await regionsFor({ ...officer, organisation: 'RX7' })).toEqual([
    'CHESHIRE_MERSEYSIDE',
    'LANCASHIRE_SOUTH_CUMBRIA',
  ])
  expect(await regionsFor({ ...officer, organisation: 'XXX' })).toEqual([])
  const after = system.requests()
  expect([
    after['cheshire-merseyside'] - before['cheshire-merseyside'],
    after['lancashire-south-cumbria'] - before['lancashire-south-cumbria'],
  ]).toEqual([2, 2])
})

test('an officer sees what a viewer would be shown and by which rules, as that viewer is at the time', async () => {
  await using system = await startSystem({ people: true })
  const { errors, data } = await runPublishedOperation(system, guardian, 'explain-access', {
    nhsNumber: patient,
    viewer: { ...viewer, organisation: 'RBL', access: { relationship: 'CLAIMED' } },
  })
  expect(errors).toEqual([])
  const [{ decision, concealed, sections, rules }] = data.explainAccess
  const shown = await system.query(
    `{ patient(nhsNumber: "${patient}", access: { relationship: CLAIMED }, regions: [CHESHIRE_MERSEYSIDE]) { completeness { regions { decision { code rules policyVersion breakGlass { barrier reasons } } } } } }`,
    {},
    await system.token({ ...consultant, organisation: 'RBL' }),
  )
  expect(decision).toEqual(shown.data.patient.completeness.regions[0].decision)
  expect(decision.code).toBe('PERMISSION_REQUIRED')
  expect(concealed).toBe(false)
  expect(sections).toHaveLength(13)
  expect(sections[0]).toEqual({ section: 'DEMOGRAPHICS', answer: 'WITHHELD', withheld: true })
  expect(rules).toEqual([{ id: 'cm-permission', says: expect.stringContaining('permission'), effect: 'FORBIDS' }])
})

test('an officer sees the same rules for a patient with and without content that no rule may disclose', async () => {
  await using system = await startSystem()
  const explain = async (n: number, labels: readonly (readonly string[])[]) => {
    const nhsNumber = numberOf(n)
    const items = labels.map((own, entry) => item('problems', `${n} ${entry}`, { entry, nhsNumber, labels: own }))
    const pregnancy = item('procedures', `${n} termination`, {
      entry: 9,
      nhsNumber,
      fields: { code: concept('Termination of pregnancy', '386639001') },
    })
    const [outcome] = await system
      .store('cheshire-merseyside')
      .publish([publication({ patients: [patientOf(n)], items: n % 2 === 0 ? [...items, pregnancy] : items })])
    expect(outcome?.status).toBe('stored')
    const { errors, data } = await runPublishedOperation(system, guardian, 'explain-access', {
      nhsNumber,
      viewer: { ...viewer, organisation: 'REM', access: { relationship: 'ATTENDING' } },
    })
    expect(errors).toEqual([])
    return data.explainAccess[0]
  }
  const [none, hidden] = [await explain(1, [[]]), await explain(2, [[], ['SEALED'], ['V', 'SEALED'], ['STD']])]
  expect(none.decision.code).toBe('PERMITTED')
  expect(hidden).toEqual(none)
  const [told, both] = [await explain(3, [[], ['V']]), await explain(4, [[], ['V'], ['SEALED']])]
  expect(told.rules).toContainEqual({ id: 'cm-very-restricted', says: expect.any(String), effect: 'FILTERS' })
  expect(both).toEqual(told)
})

test('a region that does not answer makes the whole answer null, and the error names it', async () => {
  await using system = await startSystem({ people: true })
  await system.stop('lancashire-south-cumbria')
  const { errors, data } = await runPublishedOperation(system, { ...officer, organisation: 'RX7' }, 'explain-access', {
    nhsNumber: patient,
    viewer,
  })
  expect(data).toEqual({ explainAccess: null })
  expect(errors.map(({ message, extensions }) => [message, extensions])).toEqual([
    [
      'LPRES did not answer. Ask again.',
      { code: 'REGION_UNAVAILABLE', region: 'LANCASHIRE_SOUTH_CUMBRIA', status: 'UNREACHABLE' },
    ],
  ])
  expect(await readEvents(system, 'PRIVACY_QUERY')).toMatchObject([
    { nhsNumber: patient, status: 'UNREACHABLE', items: 0 },
  ])
})

test('a clinician gets no explanation, and no region is called', async () => {
  await using system = await startSystem({ people: true })
  const before = system.requests()
  const { errors, data } = await runPublishedOperation(system, consultant, 'explain-access', {
    nhsNumber: patient,
    viewer,
  })
  expect([errors.map(({ extensions }) => extensions.code), data]).toEqual([['FORBIDDEN'], { explainAccess: null }])
  expect(system.requests()).toEqual(before)
})
