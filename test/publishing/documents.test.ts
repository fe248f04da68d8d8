import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  expectPublication,
  type Json,
  listFaults,
  odsCodeSystem,
  patient,
  publish,
  toMappedItem,
  toPatient,
  transaction,
} from '../support/publishing/bundle.ts'

const status = (text: string): Json => ({ coding: [{ code: text }] })

describe('documents', () => {
  const text = 'Dear colleague'
  const data = Buffer.from(text).toString('base64')
  const sha256 = createHash('sha256').update(text).digest('hex')
  const letter: Json = {
    resourceType: 'DocumentReference',
    status: 'current',
    type: { text: 'Clinical letter' },
    subject: toPatient,
    date: '2026-02-01T10:00:00Z',
  }

  test("a store keeps a document's metadata and its inline content by its hash", () => {
    const resource = {
      ...letter,
      masterIdentifier: { system: 'urn:xds', value: 'd1' },
      category: [{ text: 'Clinical note' }],
      description: 'A letter',
      author: [{ reference: 'Practitioner/gp' }, { reference: 'Organization/o1' }],
      custodian: { reference: 'Organization/o1' },
      securityLabel: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'V' }] }],
      content: [
        {
          attachment: { contentType: 'text/plain', language: 'en-GB', data, creation: '2026-01-31', size: text.length },
        },
      ],
      context: { practiceSetting: { text: 'Neurology' } },
      relatesTo: [
        { code: 'replaces', target: { identifier: { system: 'urn:xds', value: 'd0' } } },
        { code: 'appends', target: { display: 'another' } },
      ],
    }
    const mapping = publish(
      transaction(
        patient,
        { resourceType: 'Organization', id: 'o1', identifier: [{ system: odsCodeSystem, value: 'RET' }] },
        { resourceType: 'Practitioner', id: 'gp', name: [{ prefix: ['Dr'], family: 'Grey' }] },
        {
          resourceType: 'PractitionerRole',
          practitioner: { reference: 'Practitioner/gp' },
          code: [{ text: 'Consultant' }],
        },
        resource,
      ),
    )
    const { items, contents } = expectPublication(mapping)
    expect(
      contents.map((content) => ({ sha256: content.sha256, text: Buffer.from(content.bytes).toString() })),
    ).toEqual([{ sha256, text }])
    const walton = { odsCode: 'RET', name: 'The Walton Centre NHS Foundation Trust' }
    expect(items).toHaveLength(1)
    expect(items[0]).toMatchObject({
      organisation: walton,
      identifier: { system: 'urn:xds', value: 'd1' },
      labels: ['V'],
      replaces: [{ system: 'urn:xds', value: 'd0' }],
      orderedAtMs: Date.parse('2026-01-31T00:00:00Z'),
    })
    expect(items[0]?.fields).toEqual({
      title: 'A letter',
      type: { text: 'Clinical letter', codings: [] },
      category: { text: 'Clinical note', codings: [] },
      status: 'CURRENT',
      created: '2026-01-31',
      indexed: '2026-02-01T10:00:00Z',
      author: { name: 'Dr Grey', role: { text: 'Consultant', codings: [] }, organisation: walton },
      custodian: walton,
      specialty: { text: 'Neurology', codings: [] },
      confidentiality: 'VERY_RESTRICTED',
      replaces: [{ system: 'urn:xds', value: 'd0' }],
      contentAnswer: 'AVAILABLE',
      content: { contentType: 'text/plain', size: text.length, sha256, language: 'en-GB' },
    })
  })

  test("a store takes a document's content and its labels from a Binary of the Bundle", () => {
    const binary = {
      resourceType: 'Binary',
      id: 'b1',
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'NODSCLCD' }] },
      contentType: 'text/plain',
      data,
    }
    const item = toMappedItem('documents', binary, { ...letter, content: [{ attachment: { url: 'Binary/b1' } }] })
    expect(item.labels).toEqual(['SEALED'])
    expect(item.fields).toMatchObject({
      title: 'Clinical letter',
      contentAnswer: 'AVAILABLE',
      content: { contentType: 'text/plain', sha256 },
    })
  })

  test('a document whose content is not in the Bundle says so', () => {
    const item = toMappedItem('documents', {
      ...letter,
      status: 'superseded',
      content: [{ attachment: { url: 'https://elsewhere.nhs.uk/letter.pdf', title: 'Letter' } }],
    })
    expect(item).toMatchObject({
      lifecycle: 'superseded',
      fields: { title: 'Letter', status: 'SUPERSEDED', contentAnswer: 'ABSENT', content: null },
    })
  })

  test('a store refuses a document whose bytes differ from the description, or that replaces an unknown document', () => {
    const content = [{ attachment: { data, size: 3, hash: createHash('sha1').update('another').digest('base64') } }]
    expect(
      listFaults(
        publish(
          transaction(patient, {
            ...letter,
            content,
            relatesTo: [{ code: 'replaces', target: { reference: 'DocumentReference/9' } }],
          }),
        ),
      ),
    ).toEqual([
      '1 content[0].attachment.size value',
      '1 content[0].attachment.hash value',
      '1 relatesTo[0].target not-found',
    ])
  })

  test("a store turns a report's presented forms into documents, each with its own identifier", () => {
    const report = {
      resourceType: 'DiagnosticReport',
      identifier: [{ system: 's', value: 'r1' }],
      status: 'final',
      code: { text: 'MRI' },
      subject: toPatient,
      issued: '2026-02-01T10:00:00Z',
    }
    const forms = (...presentedForm: Json[]) =>
      expectPublication(publish(transaction(patient, { ...report, presentedForm }))).items
    expect(forms({ data, contentType: 'text/plain' }).map((item) => item.identifier?.value)).toEqual([
      'r1#presentedForm',
    ])
    expect(
      forms({ data, contentType: 'text/plain' }, { data, contentType: 'text/html' }).map(
        (item) => item.identifier?.value,
      ),
    ).toEqual(['r1#presentedForm0', 'r1#presentedForm1'])
    expect(forms({ data, contentType: 'text/plain' })[0]?.fields).toMatchObject({
      title: 'MRI',
      type: { text: 'MRI' },
      created: '2026-02-01T10:00:00Z',
      contentAnswer: 'AVAILABLE',
    })
  })

  test('a store turns a report without presented forms into a result, its conclusion', () => {
    const item = toMappedItem('results', {
      resourceType: 'DiagnosticReport',
      status: 'final',
      category: [status('RAD')],
      code: { text: 'Chest X-ray' },
      subject: toPatient,
      conclusion: 'Clear lungs',
    })
    expect(item.fields).toMatchObject({
      code: { text: 'Chest X-ray' },
      value: 'Clear lungs',
      category: 'IMAGING',
      report: { text: 'Chest X-ray' },
    })
  })
})
