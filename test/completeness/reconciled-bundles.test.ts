import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type Json, nhsNumberSystem, patient, snomed, toPatient, transaction } from '../support/publishing/bundle.ts'
import { compare } from '../support/reconcile/compare.ts'
import { toExpected } from '../support/reconcile/expected-items.ts'
import { createPatientNumbers } from '../support/reconcile/patient-numbers.ts'
import { readPublished } from '../support/reconcile/published-bundle.ts'
import { type Reconciliation, reconcile } from '../support/reconcile/reconcile.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Each region's Bundles as files, in this order. */
function filesOf(regions: { readonly cheshire?: readonly Json[]; readonly lancashire?: readonly Json[] }) {
  const folder = mkdtempSync(join(tmpdir(), 'reconcile-'))
  folders.push(folder)
  const write = (region: string, bundles: readonly Json[] = []) =>
    bundles.map((bundle, index) => {
      const file = join(folder, `${region}-${index}.json`)
      writeFileSync(file, JSON.stringify(bundle))
      return file
    })
  return new Map([
    ['cheshire-merseyside', write('cheshire', regions.cheshire)],
    ['lancashire-south-cumbria', write('lancashire', regions.lancashire)],
  ] as const)
}

const person = (value: string): Json => ({ ...patient, identifier: [{ system: nhsNumberSystem, value }] })
const identified = (value: string, more: Json): Json => ({ identifier: [{ system: 's', value }], ...more })
const flag: Json = { resourceType: 'Flag', status: 'active', code: snomed('1', 'Falls'), subject: toPatient }
const report: Json = { resourceType: 'DiagnosticReport', status: 'final', code: { text: 'MRI' }, subject: toPatient }
const form: Json = { contentType: 'text/plain', data: 'AAAA' }
const medicine: Json = { status: 'active', subject: toPatient, medicationCodeableConcept: snomed('2', 'Ramipril') }

/** A collection whose fullUrls are those of a server. */
function fromServer(...resources: readonly Json[]): Json {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({
      fullUrl: `https://rem.nhs.uk/fhir/${resource.resourceType}/${resource.id}`,
      resource,
    })),
  }
}

/** Items by type, of those types that have any; and all that is wrong. */
function summarise({ types, invented, reported, refusals, incomplete }: Reconciliation) {
  return {
    items: Object.fromEntries(types.flatMap(({ resourceType, items }) => (items > 0 ? [[resourceType, items]] : []))),
    faults: types.filter(({ items, shownOnce }) => items !== shownOnce).map(({ resourceType }) => resourceType),
    others: [invented, reported.expected - reported.shown, refusals.length, incomplete.length],
  }
}
const noFaults = { faults: [], others: [0, 0, 0, 0] }

describe('what reconciliation accepts', () => {
  test('reconciliation accepts resources without a business identifier, one for each region', async () => {
    const bundle = fromServer(
      patient,
      { ...flag, id: 'f1' },
      { ...flag, id: 'f2' },
      { ...report, id: 'r1', presentedForm: [form] },
    )
    const result = await reconcile({ files: filesOf({ cheshire: [bundle, bundle], lancashire: [bundle] }) })
    expect(summarise(result)).toEqual({ items: { Flag: 4, DiagnosticReport: 2 }, ...noFaults })
  })

  test('reconciliation accepts reports whose presented forms are documents and whose bare conclusions are results', async () => {
    const bundle = transaction(
      patient,
      identified('r1', { ...report, presentedForm: [form], conclusion: 'Clear' }),
      identified('r2', { ...report, presentedForm: [form, { ...form, contentType: 'text/html' }] }),
      identified('r3', {
        ...report,
        conclusion: 'Clear',
        result: [{ identifier: { system: 's', value: 'o1' }, type: 'Observation' }],
      }),
      identified('o1', { resourceType: 'Observation', status: 'final', code: { text: 'Hb' }, subject: toPatient }),
      { ...report, conclusion: 'Known by its fullUrl' },
      report,
    )
    const result = await reconcile({ files: filesOf({ cheshire: [bundle], lancashire: [bundle] }) })
    expect(summarise(result)).toEqual({ items: { DiagnosticReport: 5, Observation: 1 }, ...noFaults })
    expect(result.reported).toEqual({ expected: 1, shown: 1 })
    expect(result.types.find(({ resourceType }) => resourceType === 'DiagnosticReport')?.inBoth).toBe(5)
  })

  test('reconciliation takes the newest version whichever comes last, and a version entered in error withdraws the item in its region', async () => {
    const version = (value: string, versionId: string, status = 'active') =>
      transaction(patient, identified(value, { ...flag, meta: { versionId }, status }))
    const result = await reconcile({
      files: filesOf({
        cheshire: [
          version('f1', '1'),
          version('f1', '2', 'entered-in-error'),
          version('f2', '2', 'entered-in-error'),
          version('f2', '1'),
          version('f3', '1'),
          version('f3', '2', 'inactive'),
        ],
        lancashire: [version('f1', '1')],
      }),
    })
    expect(summarise(result)).toEqual({ items: { Flag: 2 }, ...noFaults })
  })

  test.each([false, true])(
    'reconciliation accepts several patients, one of them known by number only (re-numbered: %s)',
    async (renumber) => {
      const [ann, bob] = renumber ? ['9000000009', '9434765919'] : ['9990000018', '9990000026']
      const byNumber = { identifier: { system: nhsNumberSystem, value: bob } }
      const cheshire = [
        transaction(person(ann), identified('f1', flag), { ...flag, id: 'f2' }),
        transaction(person(bob), identified('f3', flag)),
      ]
      const both = transaction(
        person(ann),
        identified('f1', flag),
        { ...person(bob), id: 'p2' },
        identified('f3', { ...flag, subject: { reference: 'Patient/p2' } }),
      )
      const result = await reconcile({
        files: filesOf({ cheshire, lancashire: [both, transaction(identified('f4', { ...flag, subject: byNumber }))] }),
        renumber,
      })
      expect(result.patients).toBe(2)
      expect(summarise(result)).toEqual({ items: { Flag: 4 }, ...noFaults })
    },
  )

  test('reconciliation accepts what the view merges, answers otherwise or leaves out by its rules', async () => {
    const bundle = transaction(
      { ...patient, contact: [{ name: { text: 'Bea' } }], generalPractitioner: [{ display: 'Dr Who' }, {}] },
      { resourceType: 'RelatedPerson', patient: toPatient, name: [{ text: 'Cy' }] },
      { resourceType: 'RelatedPerson', patient: toPatient, name: [{ text: 'Di' }], active: false },
      { resourceType: 'AllergyIntolerance', code: snomed('716186003', 'No known allergy'), patient: toPatient },
      identified('m1', { ...medicine, resourceType: 'MedicationRequest', intent: 'order' }),
      { ...medicine, resourceType: 'MedicationStatement', basedOn: [{ identifier: { system: 's', value: 'm1' } }] },
    )
    expect(summarise(await reconcile({ files: filesOf({ cheshire: [bundle] }) }))).toEqual({
      items: { Patient: 2, RelatedPerson: 1, MedicationStatement: 1 },
      ...noFaults,
    })
  })

  test('reconciliation accepts a patient flagged sensitive, whose items come without identifiers', async () => {
    const restricted = {
      ...patient,
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] },
    }
    const result = await reconcile({
      files: filesOf({
        cheshire: [transaction(restricted, identified('f1', flag))],
        lancashire: [transaction(patient, identified('f1', flag), identified('f2', flag))],
      }),
    })
    expect(summarise(result)).toEqual({ items: { Flag: 2 }, ...noFaults })
  })
})

test('reconciliation names what was refused and expects nothing of it', async () => {
  const seen: string[] = []
  const files = filesOf({
    cheshire: [
      transaction(patient, { ...flag, code: 5 }),
      { ...transaction(patient, identified('f1', flag), { ...flag, code: 5 }), type: 'batch' },
    ],
  })
  const result = await reconcile({
    files,
    onRefusal: ({ faults }) => seen.push(...faults.map(({ entry, path }) => `${entry} ${path}`)),
  })
  expect(summarise(result)).toEqual({ items: { Flag: 1 }, faults: [], others: [0, 0, 2, 0] })
  expect(seen).toEqual(['1 code', '2 code'])
})

describe('what reconciliation counts as wrong', () => {
  const cheshire = 'cheshire-merseyside' as const
  const held = () => {
    const files = filesOf({
      cheshire: [
        transaction(person('9990000018'), identified('f1', flag)),
        fromServer(person('9990000026'), { ...flag, id: 'f2' }),
      ],
    })
    const published = [...readPublished(files, [])]
    return toExpected(published, createPatientNumbers(published, null))
  }
  const item = { nhsNumber: '9990000018', section: 'alerts', key: 's|f1', regions: [cheshire], reported: false }
  const own = { ...item, nhsNumber: '9990000026', key: null }

  test.each([
    ['nothing, when each is shown once', [item, own], {}],
    ['an item under another patient', [{ ...item, nhsNumber: '9990000026' }, own], { wrongPatient: 1 }],
    [
      'an item under another patient beside its own',
      [item, { ...item, nhsNumber: '9990000026' }, own],
      { wrongPatient: 1 },
    ],
    ['an item that is not shown', [own], { missing: 1 }],
    ['an item that is shown twice', [item, item, own], { repeated: 1 }],
    [
      'an item with the other region as its source',
      [{ ...item, regions: ['lancashire-south-cumbria' as const] }, own],
      { wrongSources: 1 },
    ],
    ['an item that no file contains', [item, own, { ...item, key: 's|f9' }], { invented: 1 }],
    ['an item without identifier that is not shown', [item], { missing: 1 }],
    ['an item without identifier that is shown twice', [item, own, own], { invented: 1 }],
    [
      'an item without identifier under another patient',
      [item, { ...own, nhsNumber: '9990000018' }],
      { missing: 1, invented: 1 },
    ],
  ])('reconciliation counts as wrong: %s', (_, shown, faults) => {
    const { types, invented, wrong } = compare(held(), shown)
    const { missing, repeated, wrongSources, wrongPatient } =
      types.find(({ resourceType }) => resourceType === 'Flag') ?? {}
    expect({ missing, repeated, wrongSources, wrongPatient, invented }).toEqual({
      missing: 0,
      repeated: 0,
      wrongSources: 0,
      wrongPatient: 0,
      invented: 0,
      ...faults,
    })
    expect(wrong.map(({ what }) => what).sort()).toEqual(Object.keys(faults).sort())
  })
})
