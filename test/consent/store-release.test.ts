import { describe, expect, it } from 'vitest'
import { council, item, numberOf, optOut, patient, publication, trust } from '../support/store/publications.ts'
import { createTestService, type RegionSlug } from '../support/store/test-service.ts'

const infirmary = { odsCode: 'RBN', name: 'Mersey and West Lancashire Teaching Hospitals NHS Trust' }
const everything = `askedNhsNumber nhsNumber birthDate sensitive decision { code rules policyVersion } retractions { id } record { nhsNumber problems { nodes { id } } }`
const sections = `problems { answer withheld nodes { code { text } } } documents(first: 1) { answer withheld hasMore nodes { title position } }`

// The viewer is a GP at Liverpool (REM), whom the patients that are published are referred to and permit to view.
describe.each<RegionSlug>(['cheshire-merseyside', 'lancashire-south-cumbria'])("%s's store", (region) => {
  it.each([
    ['R8004', 'REFUSED_ROLE', 'REFUSED_AGREEMENT'],
    ['R9999', 'REFUSED_ROLE', 'REFUSED_AGREEMENT'],
    ['R5105', 'REFUSED_ROLE', 'REFUSED_AGREEMENT'],
  ])('a store refuses role %s alike for a known and an unknown number', async (role, ...codes) => {
    const code = codes[region === 'cheshire-merseyside' ? 0 : 1]
    await using service = await createTestService({ region })
    await service.publish(
      publication({
        patients: [patient(0, { sensitive: true })],
        items: [item('problems', 'p', { lifecycle: 'retracted' })],
      }),
    )
    const [known, unknown] = await Promise.all([0, 1].map((n) => service.patient(everything, numberOf(n), { role })))
    expect(known).toEqual({ ...unknown, askedNhsNumber: numberOf(0) })
    expect(known).toMatchObject({
      decision: { code, rules: [expect.any(String)], policyVersion: expect.stringMatching(/^[0-9a-f]{12}$/) },
      record: null,
      sensitive: false,
      retractions: [],
    })
  })

  it('a store answers an unverified number as one never seen, and flags it to the gateway alone', async () => {
    await using service = await createTestService({ region })
    await service.publish(
      publication({
        patients: [patient(0, { verification: '02', sensitive: true })],
        items: [item('problems', 'p'), item('alerts', 'a', { lifecycle: 'retracted' })],
      }),
    )
    const [unverified, unknown] = await Promise.all([0, 1].map((n) => service.patient(everything, numberOf(n))))
    expect(unverified).toEqual({ ...unknown, askedNhsNumber: numberOf(0), sensitive: true })
    expect(unverified).toMatchObject({
      decision: { code: 'PERMITTED' },
      nhsNumber: null,
      birthDate: null,
      record: null,
    })
  })

  it('a store refuses when the patient opted out of all sharing, and permits again when that is withdrawn', async () => {
    await using service = await createTestService({ region })
    await service.publish(
      publication({ patients: [patient(0)], items: [item('problems', 'p')], optOuts: [optOut('o')] }),
    )
    expect(await service.patient(everything, numberOf(0))).toMatchObject({
      decision: { code: 'REFUSED_OPT_OUT' },
      nhsNumber: null,
      birthDate: null,
      record: null,
    })
    await service.publish(publication({ optOuts: [optOut('o', { active: false })] }))
    expect(await service.patient(everything, numberOf(0))).toMatchObject({
      decision: { code: 'PERMITTED' },
      nhsNumber: numberOf(0),
      record: { problems: { nodes: [{}] } },
    })
  })

  it('a store withholds the items of an organisation that the patient opted out of, and says so in those sections only', async () => {
    await using service = await createTestService({ region })
    await service.publish(
      publication({
        items: [
          item('problems', 'ours'),
          item('problems', 'theirs', { organisation: infirmary }),
          item('documents', 'theirs-1', { organisation: infirmary, at: '2026-03-01T00:00:00Z' }),
          item('documents', 'theirs-2', { organisation: infirmary, at: '2026-01-01T00:00:00Z' }),
          item('alerts', 'ours'),
        ],
        optOuts: [optOut('o', { organisation: { odsCode: 'RBN', name: null } })],
      }),
    )
    const { record } = await service.patient(`record { ${sections} alerts { withheld } }`, numberOf(0))
    expect(record).toEqual({
      problems: { answer: 'RECORDED', withheld: true, nodes: [{ code: { text: 'Asthma' } }] },
      documents: { answer: 'WITHHELD', withheld: true, hasMore: false, nodes: [] },
      alerts: { withheld: false },
    })
  })

  it('a store leaves out sealed items and does not disclose them', async () => {
    await using service = await createTestService({ region })
    const seen = publication({
      items: [item('documents', 'd1', { at: '2026-01-01T00:00:00Z' }), item('problems', 'p')],
    })
    const sealed = publication({
      items: [
        item('documents', 'd2', { at: '2026-02-01T00:00:00Z', labels: ['SEALED'] }),
        item('documents', 'd3', { at: '2025-02-01T00:00:00Z', labels: ['V', 'SEALED'] }),
        item('problems', 'q', { labels: ['SEALED', 'N'] }),
        item('alerts', 'a', { labels: ['SEALED'] }),
        item('alerts', 'b', { labels: ['SEALED'], lifecycle: 'retracted' }),
      ],
    })
    await service.publish(seen)
    const selection = `record { ${sections} alerts { answer withheld nodes { id } } } retractions { id }`
    const before = await service.patient(selection, numberOf(0))
    await service.publish(sealed)
    expect(await service.patient(selection, numberOf(0))).toEqual(before)
    expect(before.record.alerts).toEqual({ answer: 'NONE_RECORDED', withheld: false, nodes: [] })
  })

  it('a store withholds very restricted items and says so alike on every page', async () => {
    await using service = await createTestService({ region })
    const at = (day: number) => `2026-01-0${day}T00:00:00Z`
    await service.publish(
      publication({
        items: [
          item('documents', 'd5', { at: at(5), labels: ['V'] }),
          item('documents', 'd4', { at: at(4) }),
          item('documents', 'd3', { at: at(3), labels: ['V'] }),
          item('documents', 'd2', { at: at(2) }),
          item('documents', 'd1', { at: at(1), labels: ['V'], lifecycle: 'retracted' }),
        ],
      }),
    )
    const page = 'answer withheld hasMore nodes { identifier { value } position }'
    const first = await service.patient(`record { documents(first: 1) { ${page} } } retractions { id }`, numberOf(0))
    expect(first.record.documents).toMatchObject({
      answer: 'RECORDED',
      withheld: true,
      hasMore: true,
      nodes: [{ identifier: { value: 'd4' } }],
    })
    expect(first.retractions).toEqual([])
    const second = await service.patient(
      `record { documents(first: 1, after: "${first.record.documents.nodes[0].position}") { ${page} } }`,
      numberOf(0),
    )
    expect(second.record.documents).toMatchObject({
      withheld: true,
      hasMore: false,
      nodes: [{ identifier: { value: 'd2' } }],
    })
  })

  it('a store says that a section has withheld items alike for every window and filter, and not for retracted items alone', async () => {
    await using service = await createTestService({ region })
    await service.publish(
      publication({
        items: [
          item('results', 'old', { at: '2020-01-01T00:00:00Z', labels: ['V'] }),
          item('medications', 'old', { labels: ['V'], fields: { status: 'STOPPED', ended: '2020' } }),
          item('documents', 'replaced', { labels: ['V'], lifecycle: 'superseded' }),
          item('problems', 'mistaken', { labels: ['V'], lifecycle: 'retracted' }),
        ],
      }),
    )
    const { record } = await service.patient(
      'record { results { withheld answer } all: results(filter: { all: true }) { withheld answer } medications { withheld } allMedications: medications(all: true) { withheld } documents { withheld } superseded: documents(filter: { status: [SUPERSEDED] }) { withheld } problems { withheld } }',
      numberOf(0),
    )
    expect(record).toEqual({
      results: { withheld: true, answer: 'WITHHELD' },
      all: { withheld: true, answer: 'WITHHELD' },
      medications: { withheld: true },
      allMedications: { withheld: true },
      documents: { withheld: true },
      superseded: { withheld: true },
      problems: { withheld: false },
    })
  })

  it.runIf(region === 'lancashire-south-cumbria')(
    'a store shows of a patient flagged sensitive the demographics without any location, and nothing else',
    async () => {
      await using service = await createTestService({ region })
      const soon = '2026-12-01T09:00:00Z'
      const items = [item('contacts', 'c'), item('appointments', 'a', { at: soon, fields: { start: soon } })]
      await service.publish(publication({ patients: [patient(0, { sensitive: true })], items }))
      const answer = await service.patient(
        `sensitive birthDate record { demographics { name { full } address { lines } telecom { value } gpPractice { name } }
        contacts { answer withheld nodes { name } } appointments { answer withheld nodes { start } } }`,
        numberOf(0),
      )
      expect(answer).toEqual({
        sensitive: true,
        birthDate: '1980-02-03',
        record: {
          demographics: { name: { full: 'Patient 0' }, address: null, telecom: [], gpPractice: null },
          contacts: { answer: 'NOT_KNOWN', withheld: false, nodes: [] },
          appointments: { answer: 'NOT_KNOWN', withheld: false, nodes: [] },
        },
      })
    },
  )
})

describe('what only one region has', () => {
  it('Cheshire & Merseyside alone has opt-outs by organisation', async () => {
    await using service = await createTestService({ region: 'cheshire-merseyside' })
    await service.publish(publication({ optOuts: [optOut('o', { organisation: trust })] }))
    expect(await service.patient('record { organisationOptOuts { odsCode } }', numberOf(0))).toEqual({
      record: { organisationOptOuts: [{ odsCode: 'REM' }] },
    })
  })

  it("Lancashire & South Cumbria alone has the whole-region opt-out and local authorities' care plans", async () => {
    await using service = await createTestService({ region: 'lancashire-south-cumbria' })
    await service.publish(
      publication({
        items: [
          item('carePlans', 'health'),
          item('carePlans', 'social', { organisation: council }),
          item('carePlans', 'secret', { organisation: council, labels: ['V'] }),
        ],
      }),
    )
    expect(
      await service.patient(
        'record { regionOptOut socialCarePlans { identifier { value } } carePlans { withheld nodes { id } } }',
        numberOf(0),
        { organisation: 'RXN' },
      ),
    ).toMatchObject({
      record: {
        regionOptOut: false,
        socialCarePlans: [{ identifier: { value: 'social' } }],
        carePlans: { withheld: true, nodes: [{}, {}] },
      },
    })
  })
})

describe('a superseded number', () => {
  it('a store answers a superseded number with the number in force', async () => {
    await using service = await createTestService()
    await service.publish(
      publication({ patients: [patient(1, { supersedes: [numberOf(0)] })], items: [item('problems', 'p')] }),
    )
    expect(await service.patient(everything, numberOf(0))).toMatchObject({
      askedNhsNumber: numberOf(0),
      nhsNumber: numberOf(1),
      record: { nhsNumber: numberOf(1), problems: { nodes: [{}] } },
    })
  })
})
