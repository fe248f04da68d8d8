import { expect, test } from 'vitest'
import { publishedOperation } from '../support/published-operation.ts'
import { startSystem } from '../support/system.ts'

test("the gateway answers with e-Xchange's record while LPRES is stopped, and says in each section what is missing", async () => {
  await using system = await startSystem({ people: true })
  const whole = await system.query(publishedOperation('full-record'), { nhsNumber: '9990000018' })
  await system.stop('lancashire-south-cumbria')
  const { errors, data } = await system.query(publishedOperation('full-record'), { nhsNumber: '9990000018' })
  expect(errors).toEqual([])
  const { patient } = data
  expect(patient.presence).toBe('FOUND')
  expect(patient.completeness.complete).toBe(false)
  expect(patient.completeness.message).toBe('LPRES did not answer; what it holds is missing below.')
  expect(
    patient.completeness.regions.map(({ status, asOf }: { status: string; asOf: string | null }) => [
      status,
      asOf !== null,
    ]),
  ).toEqual([
    ['ANSWERED', true],
    ['UNREACHABLE', false],
  ])
  const sections = Object.entries<{ complete: boolean; message: string; answers: readonly { answer: string }[] }>(
    patient,
  ).filter(([, value]) => typeof value === 'object' && value !== null && 'answers' in value)
  expect(sections).toHaveLength(12)
  for (const [name, section] of sections) {
    expect(section.complete, name).toBe(false)
    expect(section.message, name).toContain('LPRES did not answer; what it holds is missing below.')
    expect(section.answers[1]?.answer, name).toBe('NOT_RETRIEVED')
  }
  // What e-Xchange holds is all there: the shared allergy now with one source, LPRES's own gone.
  const substances = (answer: typeof patient) =>
    answer.allergies.nodes.map(({ substance }: { substance: { text: string } }) => substance.text)
  expect(substances(patient)).toEqual(substances(whole.data.patient))
  expect(
    patient.allergies.nodes.flatMap(({ sources }: { sources: readonly { region: string }[] }) =>
      sources.map(({ region }) => region),
    ),
  ).toEqual(['CHESHIRE_MERSEYSIDE', 'CHESHIRE_MERSEYSIDE'])
})

test('the gateway never claims that there are no known allergies while a region is silent', async () => {
  await using system = await startSystem({ people: true })
  const query = '{ patient(nhsNumber: "9990000077") { allergies { message complete nodes { id } } } }'
  expect((await system.query(query)).data.patient.allergies).toEqual({
    message: 'No known allergies.',
    complete: true,
    nodes: [],
  })
  await system.stop('cheshire-merseyside')
  expect((await system.query(query)).data.patient.allergies).toEqual({
    message: 'e-Xchange did not answer; what it holds is missing below. LPRES: no known allergies.',
    complete: false,
    nodes: [],
  })
})

test('the gateway answers that the record is undetermined, without an error, while every region is down', async () => {
  await using system = await startSystem()
  await Promise.all([system.stop('cheshire-merseyside'), system.stop('lancashire-south-cumbria')])
  const { status, errors, data } = await system.query(
    '{ patient(nhsNumber: "9990000018") { presence problems { message nodes { id } } } regions { code health { available } } }',
  )
  expect([status, errors]).toEqual([200, []])
  expect(data).toEqual({
    patient: {
      presence: 'UNDETERMINED',
      problems: {
        message:
          'e-Xchange did not answer; what it holds is missing below. LPRES did not answer; what it holds is missing below.',
        nodes: [],
      },
    },
    regions: [
      { code: 'CHESHIRE_MERSEYSIDE', health: { available: false } },
      { code: 'LANCASHIRE_SOUTH_CUMBRIA', health: { available: false } },
    ],
  })
})
