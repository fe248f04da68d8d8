import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  expectPublication,
  faultsOf,
  itemOf,
  type Json,
  nhsNumberSystem,
  odsCodeSystem,
  patient,
  publish,
  publisher,
  snomed,
  toPatient,
  transaction,
  urn,
} from './support/bundle.ts'

const london = (text: string) => Date.parse(text)
const code = snomed('91936005', 'Allergy to penicillin')
const concept = { text: 'Allergy to penicillin', codings: [{ system: 'http://snomed.info/sct', code: '91936005', display: 'Allergy to penicillin' }] }
const status = (text: string): Json => ({ coding: [{ code: text }] })

describe('each understood resource becomes its item', () => {
  test('AllergyIntolerance', () => {
    const item = itemOf('allergies', {
      resourceType: 'AllergyIntolerance',
      id: 'a1',
      meta: { versionId: '3', lastUpdated: '2026-01-02T03:04:05Z' },
      identifier: [{ value: 'no system' }, { system: 'https://example.nhs.uk/a', value: '17' }],
      clinicalStatus: status('active'),
      verificationStatus: status('confirmed'),
      category: ['medication'],
      criticality: 'unable-to-assess',
      code,
      patient: toPatient,
      onsetDateTime: '2010',
      recordedDate: '2020-07-01',
      reaction: [{ manifestation: [{ text: 'Rash' }, { text: 'Wheeze' }], severity: 'severe' }, { description: 'Felt unwell' }],
    })
    expect(item).toEqual({
      section: 'allergies',
      resourceType: 'AllergyIntolerance',
      entry: 1,
      nhsNumber: '9990000018',
      identifier: { system: 'https://example.nhs.uk/a', value: '17' },
      resourceId: 'a1',
      version: 3,
      lastUpdated: '2026-01-02T03:04:05Z',
      organisation: publisher,
      lifecycle: 'current',
      orderedAtMs: london('2020-07-01T00:00:00+01:00'),
      labels: [],
      replaces: [],
      basedOn: [],
      fields: {
        substance: concept,
        category: 'MEDICATION',
        criticality: 'UNABLE_TO_ASSESS',
        status: 'ACTIVE',
        verification: 'CONFIRMED',
        reactions: [
          { manifestation: { text: 'Rash', codings: [] }, severity: 'SEVERE' },
          { manifestation: { text: 'Wheeze', codings: [] }, severity: 'SEVERE' },
          { manifestation: { text: 'Felt unwell', codings: [] }, severity: null },
        ],
        onset: '2010',
        recorded: '2020-07-01',
      },
    })
  })

  test('Condition', () => {
    const item = itemOf('problems', {
      resourceType: 'Condition',
      extension: [{ url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-ProblemSignificance', valueCode: 'major' }],
      clinicalStatus: status('remission'),
      verificationStatus: status('provisional'),
      code,
      subject: toPatient,
      onsetPeriod: { start: '2011-02' },
      abatementDateTime: '2012',
    })
    expect(item.orderedAtMs).toBe(london('2011-02-01T00:00:00Z'))
    expect(item.fields).toEqual({ code: concept, status: 'REMISSION', verification: 'PROVISIONAL', onset: '2011-02', abatement: '2012', significance: 'major', recorded: null })
  })

  test('MedicationRequest, its medicine and its prescriber referred to', () => {
    const item = itemOf(
      'medications',
      { resourceType: 'Medication', id: 'm1', code: { text: 'Amoxicillin 500mg capsules' } },
      { resourceType: 'Organization', id: 'o1', identifier: [{ system: odsCodeSystem, value: 'P81001' }], name: 'The Surgery' },
      { resourceType: 'PractitionerRole', id: 'r1', organization: { reference: 'Organization/o1' } },
      {
        resourceType: 'MedicationRequest',
        status: 'on-hold',
        intent: 'order',
        subject: toPatient,
        medicationReference: { reference: 'Medication/m1' },
        requester: { reference: 'PractitionerRole/r1', display: 'Dr Who' },
        authoredOn: '2026-03-04T09:00:00+00:00',
        courseOfTherapyType: status('continuous'),
        dosageInstruction: [{ text: 'One three times a day' }, { patientInstruction: 'With food' }],
        dispenseRequest: { validityPeriod: { start: '2026-03-05', end: '2026-04-05' } },
      },
    )
    expect(item.organisation).toEqual({ odsCode: 'P81001', name: 'The Surgery' })
    expect(item.orderedAtMs).toBe(london('2026-03-04T09:00:00Z'))
    expect(item.fields).toEqual({
      medicine: { text: 'Amoxicillin 500mg capsules', codings: [] },
      dosage: 'One three times a day; With food',
      status: 'ON_HOLD',
      kind: 'REPEAT',
      started: '2026-03-05',
      ended: '2026-04-05',
      lastIssued: '2026-03-04T09:00:00+00:00',
      prescriber: { odsCode: 'P81001', name: 'The Surgery' },
    })
  })

  test.each([
    [{ courseOfTherapyType: status('acute') }, 'ACUTE'],
    [{ courseOfTherapyType: status('seasonal') }, 'UNRECOGNISED'],
    [{ courseOfTherapyType: status('continuous-repeat-dispensing') }, 'REPEAT_DISPENSING'],
    [{ extension: [{ url: 'https://x/Extension-UKCore-MedicationRepeatInformation', extension: [{ url: 'numberOfPrescriptionsIssued', valueUnsignedInt: 2 }] }] }, 'REPEAT'],
    [{ extension: [{ url: 'https://x/Extension-CareConnect-GPC-PrescriptionType-1', valueCodeableConcept: status('repeat-dispensing') }] }, 'REPEAT_DISPENSING'],
    [{}, null],
  ])('a prescription with %j is of kind %s', (parts, kind) => {
    const item = itemOf('medications', { resourceType: 'MedicationRequest', status: 'active', intent: 'plan', subject: toPatient, medicationCodeableConcept: code, ...parts })
    expect(item.fields.kind).toBe(kind)
    expect(item.fields.lastIssued).toBeNull()
  })

  test.each([
    [{ asNeededBoolean: true }, 'as needed'],
    [{ asNeededBoolean: false }, null],
    [
      { timing: { repeat: { frequency: 1, period: 6, periodUnit: 'h' } }, doseAndRate: [{ doseQuantity: { value: { raw: '0.50' }, unit: 'mL' } }] },
      '0.50 mL, 1 time every 6 hours',
    ],
    [{ timing: { repeat: { frequency: 2, period: 1, periodUnit: 'd' } }, asNeededCodeableConcept: { text: 'pain' } }, '2 times every day, as needed for pain'],
  ])('the dosage %j is told as %s', (dosage, text) => {
    const item = itemOf('medications', { resourceType: 'MedicationStatement', status: 'active', subject: toPatient, medicationCodeableConcept: code, dosage: [dosage] })
    expect(item.fields.dosage).toBe(text)
  })

  test('MedicationStatement, based on a request of the Bundle and one known by identifier', () => {
    const item = itemOf(
      'medications',
      {
        resourceType: 'MedicationRequest',
        id: 'mr1',
        identifier: [{ system: 's', value: 'v' }],
        status: 'active',
        intent: 'order',
        subject: toPatient,
        medicationCodeableConcept: code,
      },
      {
        resourceType: 'MedicationStatement',
        extension: [{ url: 'https://x/Extension-UKCore-MedicationStatementLastIssueDate', valueDateTime: '2026-05-01' }],
        status: 'not-taken',
        subject: toPatient,
        medicationReference: { display: 'Ramipril' },
        effectivePeriod: { start: '2026-01-01', end: '2026-06-01' },
        basedOn: [{ reference: 'MedicationRequest/mr1' }, { identifier: { system: 's', value: 'w' } }],
      },
    )
    expect(item.basedOn).toEqual([
      { system: 's', value: 'v' },
      { system: 's', value: 'w' },
    ])
    expect(item.fields).toMatchObject({ medicine: { text: 'Ramipril' }, status: 'NOT_TAKEN', kind: null, started: '2026-01-01', ended: '2026-06-01', lastIssued: '2026-05-01' })
  })

  test('Immunization', () => {
    const item = itemOf('immunisations', {
      resourceType: 'Immunization',
      status: 'not-done',
      vaccineCode: code,
      patient: toPatient,
      occurrenceDateTime: '2026-01-01',
      lotNumber: 'L1',
      site: { text: 'Left arm' },
      doseQuantity: { value: { raw: '0.5' }, unit: 'mL' },
      protocolApplied: [{ doseNumberPositiveInt: 1, seriesDosesPositiveInt: 2 }],
    })
    expect(item.fields).toEqual({ vaccine: concept, status: 'NOT_DONE', given: '2026-01-01', dose: 'dose 1 of 2, 0.5 mL', lot: 'L1', site: { text: 'Left arm', codings: [] } })
  })

  test('Procedure, its source the organisation of its encounter', () => {
    const item = itemOf(
      'procedures',
      {
        resourceType: 'Encounter',
        id: 'e1',
        status: 'finished',
        class: { code: 'EMER' },
        subject: toPatient,
        serviceProvider: { identifier: { system: odsCodeSystem, value: 'rxn' } },
      },
      { resourceType: 'Procedure', status: 'in-progress', code, subject: toPatient, encounter: { reference: 'Encounter/e1' }, performedPeriod: { start: '2025-01' } },
    )
    expect(item.organisation).toEqual({ odsCode: 'RXN', name: 'Lancashire Teaching Hospitals NHS Foundation Trust' })
    expect(item.fields).toEqual({ code: concept, status: 'IN_PROGRESS', performed: '2025-01' })
  })

  test('Observation, with the name and the labels of its report', () => {
    const item = itemOf(
      'results',
      {
        resourceType: 'DiagnosticReport',
        meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'HIV' }] },
        status: 'final',
        code: { text: 'Blood count' },
        subject: toPatient,
        result: [{ reference: urn(2) }],
      },
      {
        resourceType: 'Observation',
        status: 'amended',
        category: [{ coding: [{ code: 'local' }] }, { coding: [{ code: 'vital-signs' }] }],
        code,
        subject: toPatient,
        effectiveDateTime: '2026-01-01T10:00:00+01:00',
        valueQuantity: { value: { raw: '5.0' }, comparator: '<=', unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
        interpretation: [{ text: 'High' }],
        referenceRange: [{ low: { value: { raw: '3.50' }, unit: 'mmol/L' }, high: { value: { raw: '5.0' }, unit: 'mmol/L' } }],
        component: [{ code: { text: 'Part' }, valueString: 'seen' }],
      },
    )
    expect(item.labels).toEqual(['HIV'])
    expect(item.fields).toEqual({
      code: concept,
      category: 'VITAL_SIGNS',
      effective: '2026-01-01T10:00:00+01:00',
      status: 'AMENDED',
      value: null,
      quantity: { value: '5.0', comparator: 'LESS_OR_EQUAL', unit: 'mmol/L', system: 'http://unitsofmeasure.org', code: 'mmol/L' },
      referenceRange: '3.50 - 5.0 mmol/L',
      interpretation: { text: 'High', codings: [] },
      components: [{ code: { text: 'Part', codings: [] }, value: 'seen', quantity: null }],
      report: { text: 'Blood count', codings: [] },
    })
  })

  test.each([
    [{ valueCodeableConcept: code }, 'Allergy to penicillin'],
    [{ valueString: 'clear' }, 'clear'],
    [{ valueBoolean: false }, 'false'],
    [{ valueInteger: 0 }, '0'],
    [{ valueRatio: { numerator: { value: 1 }, denominator: { value: 128 } } }, '1 : 128'],
    [{ valueRange: { low: { value: 1, unit: 'g' }, high: { value: 2, unit: 'g' } } }, '1 - 2 g'],
    [{ valueDateTime: '2026-01' }, '2026-01'],
    [{ dataAbsentReason: { text: 'Not performed' } }, 'Not performed'],
    [{}, null],
  ])('the value %j is told as %s', (value, text) => {
    expect(itemOf('results', { resourceType: 'Observation', status: 'final', code, subject: toPatient, ...value }).fields.value).toBe(text)
  })

  test('Encounter, its reason a Condition of the Bundle', () => {
    const item = itemOf(
      'encounters',
      { resourceType: 'Condition', id: 'c1', code, subject: toPatient },
      {
        resourceType: 'Encounter',
        status: 'onleave',
        class: { code: 'ACUTE' },
        type: [{ text: 'Ward stay' }],
        subject: toPatient,
        period: { start: '2026-01-01', end: '2026-01-03' },
        reasonReference: [{ reference: 'Condition/c1' }],
        serviceProvider: { display: 'A hospital' },
      },
    )
    expect(item.organisation).toEqual(publisher)
    expect(item.fields).toEqual({
      class: 'INPATIENT',
      type: { text: 'Ward stay', codings: [] },
      status: 'ON_LEAVE',
      start: '2026-01-01',
      end: '2026-01-03',
      reason: concept,
      provider: { odsCode: null, name: 'A hospital' },
    })
  })

  test('Appointment, of the participant that is a patient, whichever comes first', () => {
    const item = itemOf(
      'appointments',
      { resourceType: 'Location', id: 'l1', name: 'Clinic 3', managingOrganization: { identifier: { system: odsCodeSystem, value: 'RET' } } },
      {
        resourceType: 'Appointment',
        status: 'noshow',
        specialty: [{ text: 'Neurology' }],
        start: '2026-02-01T09:00:00Z',
        end: '2026-02-01T09:30:00Z',
        reasonCode: [{ text: 'Headache' }],
        participant: [{ actor: { reference: 'Location/l1' } }, { actor: { reference: urn(0) } }],
      },
    )
    expect(item.organisation.odsCode).toBe('RET')
    expect(item.fields).toEqual({
      start: '2026-02-01T09:00:00Z',
      end: '2026-02-01T09:30:00Z',
      status: 'NOSHOW',
      specialty: { text: 'Neurology', codings: [] },
      location: 'Clinic 3',
      description: 'Headache',
    })
  })

  test('CarePlan and Flag', () => {
    const plan = itemOf('carePlans', {
      resourceType: 'CarePlan',
      status: 'revoked',
      intent: 'plan',
      title: 'Crisis plan',
      category: [code],
      subject: toPatient,
      period: { start: '2026-01-01' },
      activity: [{ detail: { code: { text: 'Call' } } }, { detail: { description: 'Visit' } }, { reference: { display: 'Review' } }],
    })
    expect(plan.fields).toEqual({ title: 'Crisis plan', category: concept, status: 'REVOKED', start: '2026-01-01', end: null, activities: ['Call', 'Visit', 'Review'] })
    const alert = itemOf('alerts', {
      resourceType: 'Flag',
      status: 'active',
      code,
      category: [{ text: 'Safety' }],
      subject: toPatient,
      period: { start: '2026-01-01', end: '2027' },
    })
    expect(alert.fields).toEqual({ code: concept, category: { text: 'Safety', codings: [] }, status: 'ACTIVE', start: '2026-01-01', end: '2027' })
  })

  test('Patient, with what the view shows of it and its contacts', () => {
    const resource: Json = {
      resourceType: 'Patient',
      id: 'p1',
      meta: { versionId: '7', security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }] },
      identifier: [
        {
          system: nhsNumberSystem,
          value: '999 000 0018',
          extension: [{ url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus', valueCodeableConcept: status('03') }],
        },
        { system: nhsNumberSystem, value: '9990000026', use: 'old' },
        { system: 'https://rem.nhs.uk/mrn', value: '1234' },
      ],
      name: [
        { use: 'maiden', family: 'Before' },
        { use: 'official', family: 'Now', given: ['Ann', null, 'B'], prefix: ['Dr'] },
      ],
      telecom: [{ system: 'phone', value: '07700 900000', use: 'mobile' }, { system: 'email' }],
      gender: 'female',
      birthDate: '1980-05',
      deceasedDateTime: '2026-01-01',
      address: [
        { use: 'old', line: ['Old'] },
        { use: 'home', line: ['1 High St'], city: 'Southport', postalCode: 'PR8 1AA' },
      ],
      contact: [{ relationship: [{ text: 'Sister' }], name: { text: 'Bea Now' }, telecom: [{ system: 'phone', value: '1' }] }],
      generalPractitioner: [{ identifier: { system: odsCodeSystem, value: 'N84001' }, display: 'The Surgery' }],
      link: [{ type: 'replaces', other: { identifier: { system: nhsNumberSystem, value: '9990000034' } } }],
    }
    const { patients, items } = expectPublication(publish(transaction(resource)))
    expect(patients).toEqual([
      {
        entry: 0,
        nhsNumber: '9990000018',
        verification: '03',
        supersedes: ['9990000026', '9990000034'],
        sensitive: true,
        localIdentifiers: [{ system: 'https://rem.nhs.uk/mrn', value: '1234' }],
        fields: {
          name: { full: 'Dr Ann B Now', family: 'Now', given: ['Ann', 'B'], prefix: ['Dr'] },
          birthDate: '1980-05',
          deceased: true,
          deceasedAt: '2026-01-01',
          gender: 'FEMALE',
          address: { lines: ['1 High St'], city: 'Southport', postcode: 'PR8 1AA' },
          telecom: [{ system: 'phone', value: '07700 900000', use: 'mobile' }],
          gpPractice: { odsCode: 'N84001', name: 'The Surgery' },
          identifier: { system: nhsNumberSystem, value: '9990000018' },
          version: 7,
          lastUpdated: null,
          organisation: publisher,
        },
      },
    ])
    expect(items.map(({ section, identifier, labels, fields }) => ({ section, identifier, labels, fields }))).toEqual([
      {
        section: 'contacts',
        identifier: null,
        labels: ['R'],
        fields: { name: 'Bea Now', relationship: { text: 'Sister', codings: [] }, professional: false, worksFor: null, telecom: [{ system: 'phone', value: '1', use: null }] },
      },
      {
        section: 'contacts',
        identifier: null,
        labels: ['R'],
        fields: {
          name: 'The Surgery',
          relationship: { text: 'General practitioner', codings: [] },
          professional: true,
          worksFor: { odsCode: 'N84001', name: 'The Surgery' },
          telecom: [],
        },
      },
    ])
  })

  test('RelatedPerson', () => {
    const item = itemOf('contacts', { resourceType: 'RelatedPerson', patient: toPatient, relationship: [{ text: 'Carer' }], name: [{ text: 'Cy Carer' }], active: false })
    expect(item.lifecycle).toBe('superseded')
    expect(item.fields).toMatchObject({ name: 'Cy Carer', relationship: { text: 'Carer' }, professional: false })
  })
})

describe('documents', () => {
  const text = 'Dear colleague'
  const data = Buffer.from(text).toString('base64')
  const sha256 = createHash('sha256').update(text).digest('hex')
  const letter: Json = { resourceType: 'DocumentReference', status: 'current', type: { text: 'Clinical letter' }, subject: toPatient, date: '2026-02-01T10:00:00Z' }

  test('carry their metadata, and inline content known by its hash', () => {
    const resource = {
      ...letter,
      masterIdentifier: { system: 'urn:xds', value: 'd1' },
      category: [{ text: 'Clinical note' }],
      description: 'A letter',
      author: [{ reference: 'Practitioner/gp' }, { reference: 'Organization/o1' }],
      custodian: { reference: 'Organization/o1' },
      securityLabel: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'V' }] }],
      content: [{ attachment: { contentType: 'text/plain', language: 'en-GB', data, creation: '2026-01-31', size: text.length } }],
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
        { resourceType: 'PractitionerRole', practitioner: { reference: 'Practitioner/gp' }, code: [{ text: 'Consultant' }] },
        resource,
      ),
    )
    const { items, contents } = expectPublication(mapping)
    expect(contents.map((content) => ({ sha256: content.sha256, text: Buffer.from(content.bytes).toString() }))).toEqual([{ sha256, text }])
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

  test('take their content, and its labels, from a Binary of the Bundle', () => {
    const binary = {
      resourceType: 'Binary',
      id: 'b1',
      meta: { security: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'NODSCLCD' }] },
      contentType: 'text/plain',
      data,
    }
    const item = itemOf('documents', binary, { ...letter, content: [{ attachment: { url: 'Binary/b1' } }] })
    expect(item.labels).toEqual(['SEALED'])
    expect(item.fields).toMatchObject({ title: 'Clinical letter', contentAnswer: 'AVAILABLE', content: { contentType: 'text/plain', sha256 } })
  })

  test('without content here say so', () => {
    const item = itemOf('documents', { ...letter, status: 'superseded', content: [{ attachment: { url: 'https://elsewhere.nhs.uk/letter.pdf', title: 'Letter' } }] })
    expect(item).toMatchObject({ lifecycle: 'superseded', fields: { title: 'Letter', status: 'SUPERSEDED', contentAnswer: 'ABSENT', content: null } })
  })

  test('are refused where the bytes are not those described, or where what they replace is not known', () => {
    const content = [{ attachment: { data, size: 3, hash: createHash('sha1').update('another').digest('base64') } }]
    expect(faultsOf(publish(transaction(patient, { ...letter, content, relatesTo: [{ code: 'replaces', target: { reference: 'DocumentReference/9' } }] })))).toEqual([
      '1 content[0].attachment.size value',
      '1 content[0].attachment.hash value',
      '1 relatesTo[0].target not-found',
    ])
  })

  test('are made of a report’s presented forms, each with an identifier of its own', () => {
    const report = {
      resourceType: 'DiagnosticReport',
      identifier: [{ system: 's', value: 'r1' }],
      status: 'final',
      code: { text: 'MRI' },
      subject: toPatient,
      issued: '2026-02-01T10:00:00Z',
    }
    const forms = (...presentedForm: Json[]) => expectPublication(publish(transaction(patient, { ...report, presentedForm }))).items
    expect(forms({ data, contentType: 'text/plain' }).map((item) => item.identifier?.value)).toEqual(['r1#presentedForm'])
    expect(forms({ data, contentType: 'text/plain' }, { data, contentType: 'text/html' }).map((item) => item.identifier?.value)).toEqual(['r1#presentedForm0', 'r1#presentedForm1'])
    expect(forms({ data, contentType: 'text/plain' })[0]?.fields).toMatchObject({
      title: 'MRI',
      type: { text: 'MRI' },
      created: '2026-02-01T10:00:00Z',
      contentAnswer: 'AVAILABLE',
    })
  })

  test('are not made of a report without one: its conclusion is a result', () => {
    const item = itemOf('results', {
      resourceType: 'DiagnosticReport',
      status: 'final',
      category: [status('RAD')],
      code: { text: 'Chest X-ray' },
      subject: toPatient,
      conclusion: 'Clear lungs',
    })
    expect(item.fields).toMatchObject({ code: { text: 'Chest X-ray' }, value: 'Clear lungs', category: 'IMAGING', report: { text: 'Chest X-ray' } })
  })
})

describe('a Consent', () => {
  const denial: Json = { resourceType: 'Consent', id: 'c1', status: 'active', scope: status('patient-privacy'), patient: toPatient, provision: { type: 'deny' } }
  const optOuts = (consent: Json) => expectPublication(publish(transaction(patient, consent))).optOuts

  test.each([
    ['that denies is an opt-out', {}, true],
    ['that permits is none', { provision: { type: 'permit' } }, false],
    ['that is inactive is withdrawn', { status: 'inactive' }, false],
    ['that was entered in error is withdrawn', { status: 'entered-in-error' }, false],
    ['whose policy rule is to opt out is one', { provision: undefined, policyRule: status('OPTOUT') }, true],
  ])('%s', (_, parts, active) => {
    expect(optOuts({ ...denial, ...parts })).toEqual([
      { entry: 1, nhsNumber: '9990000018', identifier: { system: 'urn:ietf:rfc:3986', value: urn(1) }, resourceId: 'c1', lastUpdated: null, active, organisation: null },
    ])
  })

  test('may concern one organisation', () => {
    const provision = { type: 'deny', actor: [{ role: { text: 'source' }, reference: { identifier: { system: odsCodeSystem, value: 'RBT' } } }] }
    expect(optOuts({ ...denial, provision })).toMatchObject([{ active: true, organisation: { odsCode: 'RBT' } }])
  })

  test('for another scope than privacy is no opt-out', () => {
    expect(optOuts({ ...denial, scope: status('research') })).toEqual([])
  })

  test.each([
    ['nothing is decided', {}, 'provision.type'],
    ['there are exceptions', { type: 'deny', provision: [{ type: 'permit' }] }, 'provision.provision'],
    ['the organisation has no ODS code', { type: 'deny', actor: [{ reference: { display: 'A place' } }] }, 'provision.actor[0].reference'],
  ])('is refused where %s, for it could not be obeyed', (_, provision, path) => {
    expect(faultsOf(publish(transaction(patient, { ...denial, provision })))).toEqual([`1 ${path} not-supported`])
  })
})

describe('what is no longer so', () => {
  const verification = (text: string) => ({ verificationStatus: status(text) })
  test.each([
    ['allergies', { resourceType: 'AllergyIntolerance', code, patient: toPatient, ...verification('refuted') }],
    ['problems', { resourceType: 'Condition', code, subject: toPatient, ...verification('entered-in-error') }],
    ['medications', { resourceType: 'MedicationRequest', status: 'entered-in-error', intent: 'order', medicationCodeableConcept: code, subject: toPatient }],
    ['immunisations', { resourceType: 'Immunization', status: 'entered-in-error', vaccineCode: code, patient: toPatient }],
    ['results', { resourceType: 'Observation', status: 'entered-in-error', code, subject: toPatient }],
    ['encounters', { resourceType: 'Encounter', status: 'entered-in-error', class: { code: 'AMB' }, subject: toPatient }],
    ['documents', { resourceType: 'DocumentReference', status: 'entered-in-error', type: code, subject: toPatient, content: [{ attachment: {} }] }],
  ] as const)('is retracted: %s', (section, resource) => {
    expect(itemOf(section, resource).lifecycle).toBe('retracted')
  })

  test('codes that are not known are said to be unrecognised', () => {
    expect(itemOf('carePlans', { resourceType: 'CarePlan', status: 'paused', intent: 'plan', subject: toPatient }).fields.status).toBe('UNRECOGNISED')
    expect(itemOf('encounters', { resourceType: 'Encounter', status: 'finished', class: { code: 'PRENC' }, subject: toPatient }).fields.class).toBe('UNRECOGNISED')
  })
})

test.each([
  [[{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R' }], ['R']],
  [[{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'U' }], []],
  [[{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'OPIOIDUD' }], ['OPIOIDUD', 'SUD']],
  [
    [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'NOAUTH' }, { code: 'V' }],
    ['SEALED', 'V'],
  ],
  [[{ system: 'https://example.nhs.uk/own', code: 'SEX' }], []],
])('security %j is labelled %j', (security, labels) => {
  expect(itemOf('alerts', { resourceType: 'Flag', meta: { security }, status: 'active', code, subject: toPatient }).labels).toEqual(labels)
})
