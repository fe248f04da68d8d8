import { nhsNumberSystem } from './bundle.ts'

/** A Bundle's text of about so many bytes. */
export type HostileBundle = (bytes: number) => string

const patientUrl = 'urn:uuid:00000000-0000-4000-8000-000000000001'
const patient = {
  resourceType: 'Patient',
  identifier: [{ system: nhsNumberSystem, value: '9990000018' }],
  name: [{ family: 'Hostile' }],
  birthDate: '1970-01-01',
}
const code = { coding: [{ system: 'http://snomed.info/sct', code: '1', display: 'One' }] }
const subject = { reference: patientUrl }

/** A transaction of these after the patient; arrays of them too, for a call bears no million arguments. */
function bundle(...resources: readonly (object | string | readonly (object | string)[])[]): string {
  const entries = [{ fullUrl: patientUrl, ...patient }, ...resources.flat()].map((one, index) => {
    if (typeof one === 'string') return one
    const { fullUrl = `urn:uuid:00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`, ...resource } =
      one as { fullUrl?: string }
    return `{"fullUrl":${JSON.stringify(fullUrl)},"request":{"method":"POST","url":"x"},"resource":${JSON.stringify(resource)}}`
  })
  return `{"resourceType":"Bundle","type":"transaction","entry":[${entries.join(',')}]}`
}

/** So many values that all take so many bytes. */
function many<Value>(bytes: number, each: number, make: (index: number) => Value): Value[] {
  return Array.from({ length: Math.max(1, Math.floor(bytes / each)) }, (_, index) => make(index))
}

const document = (index: number, more: object = {}) => ({
  resourceType: 'DocumentReference',
  identifier: [{ system: 'urn:hostile', value: `d${index}` }],
  status: 'current',
  type: code,
  subject,
  content: [{ attachment: { title: 'T' } }],
  ...more,
})
const observation = (index: number, more: object = {}) => ({
  resourceType: 'Observation',
  identifier: [{ system: 'urn:hostile', value: `o${index}` }],
  status: 'final',
  code,
  subject,
  valueQuantity: { value: 1.5, unit: 'mmol/L' },
  ...more,
})

/**
 * Shapes of a Bundle that take more than their bytes where work is not linear, is repeated, or is done by what has a
 * limit of its own.
 */
export const hostileBundles: Readonly<Record<string, HostileBundle>> = {
  'an honest transaction of many results': (bytes) => bundle(many(bytes, 420, observation)),
  'decimals that a double would change': (bytes) =>
    bundle(many(bytes, 430, observation)).replaceAll('"value":1.5', '"value":1.500'),
  'arrays within arrays': (bytes) =>
    bundle(
      `{"request":{"method":"POST"},"resource":{"resourceType":"Goal","x":${'['.repeat(bytes / 2)}${']'.repeat(bytes / 2)}}}`,
    ),
  'objects within objects, in an item': (bytes) => {
    const depth = Math.floor(bytes / 6)
    return bundle(
      JSON.stringify({ request: { method: 'POST' }, resource: observation(0, { x: 'HERE' }) }).replace(
        '"HERE"',
        `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
      ),
    )
  },
  'a fullUrl of many kilobytes over a thousand references': (bytes) =>
    bundle({
      fullUrl: `http://h/${'a'.repeat(Math.floor(bytes / 2))}/Observation/1`,
      ...observation(0, {
        performer: many(bytes / 2, bytes / 2000, (index) => ({ reference: `Organization/${index}` })),
      }),
    }),
  'a fullUrl of many slashes over a thousand references': (bytes) =>
    bundle({
      fullUrl: `http://h${'/A'.repeat(Math.floor(bytes / 4))}/Observation/1/`,
      ...observation(0, {
        performer: many(bytes / 2, bytes / 2000, (index) => ({ reference: `Organization/${index}` })),
      }),
    }),
  'references under the longest fullUrls': (bytes) =>
    bundle(
      many(bytes, 6000, (index) => ({
        fullUrl: `http://h/${'a'.repeat(1990)}/Observation/${index}`,
        ...observation(index, { performer: many(3600, 36, (one) => ({ reference: `Organization/${one}` })) }),
      })),
    ),
  'a million empty entries': (bytes) => bundle(many(bytes, 3, () => '{}')),
  'one text': (bytes) => bundle(document(0, { content: [{ attachment: { title: 'x'.repeat(bytes) } }] })),
  'one text of escapes': (bytes) =>
    bundle(document(0, { content: [{ attachment: { title: '\u0001'.repeat(bytes / 6) } }] })),
  'one number': (bytes) => bundle(observation(0)).replace('1.5', `1${'0'.repeat(bytes)}`),
  'a code of many words': (bytes) => bundle(observation(0, { status: `${'a '.repeat(bytes / 2)}a` })),
  'one content': (bytes) =>
    bundle(
      document(0, {
        content: [
          { attachment: { contentType: 'text/plain', data: Buffer.alloc((bytes * 3) / 4, 'x').toString('base64') } },
        ],
      }),
    ),
  'many documents of one Binary': (bytes) =>
    bundle(
      {
        fullUrl: 'urn:uuid:00000000-0000-4000-9000-000000000001',
        resourceType: 'Binary',
        contentType: 'text/plain',
        data: Buffer.alloc((bytes * 3) / 8, 'x').toString('base64'),
      },
      many(bytes / 2, 420, (index) =>
        document(index, { content: [{ attachment: { url: 'urn:uuid:00000000-0000-4000-9000-000000000001' } }] }),
      ),
    ),
  'one key many times': (bytes) =>
    bundle(`{"request":{"method":"POST"},"resource":{"resourceType":"Goal",${'"a":1,'.repeat(bytes / 6)}"b":1}}`),
  'many keys': (bytes) =>
    bundle(
      `{"request":{"method":"POST"},"resource":{"resourceType":"Goal",${many(bytes, 14, (index) => `"k${index}":1`).join()}}}`,
    ),
  'many contained': (bytes) =>
    bundle(
      observation(0, {
        contained: many(bytes, 120, (index) => ({ resourceType: 'Organization', id: `c${index}`, name: 'C' })),
        performer: many(Math.min(bytes / 2, 100_000), 30, (index) => ({ reference: `#c${index}` })),
      }),
    ),
  'a chain of documents that replace each other': (bytes) =>
    bundle(
      many(bytes, 520, (index) =>
        document(index, {
          relatesTo: [{ code: 'replaces', target: { identifier: { system: 'urn:hostile', value: `d${index + 1}` } } }],
        }),
      ),
    ),
  'documents that all replace one': (bytes) =>
    bundle(
      many(bytes, 520, (index) =>
        document(index, {
          relatesTo: [{ code: 'replaces', target: { identifier: { system: 'urn:hostile', value: 'd0' } } }],
        }),
      ),
    ),
  'a person of many roles, author of many documents': (bytes) => {
    const person = {
      fullUrl: 'urn:uuid:00000000-0000-4000-9000-000000000002',
      resourceType: 'Practitioner',
      name: [{ family: 'P' }],
    }
    const role = () => ({ resourceType: 'PractitionerRole', practitioner: { reference: person.fullUrl } })
    return bundle(
      person,
      many(bytes / 2, 240, role),
      many(bytes / 2, 480, (index) => document(index, { author: [{ reference: person.fullUrl }] })),
    )
  },
  'a report of many forms and performers': (bytes) =>
    bundle({
      resourceType: 'DiagnosticReport',
      status: 'final',
      code,
      subject,
      presentedForm: many(Math.min(bytes / 2, 5000 * 14), 14, () => ({ title: 'F' })),
      performer: many(Math.min(bytes / 2, 5000 * 30), 30, (index) => ({ reference: `Practitioner/${index}` })),
    }),
  'a report of many labels and results': (bytes) => {
    const results = many(bytes / 2, 480, (index) => ({
      fullUrl: `urn:uuid:00000000-0000-4000-9000-${String(index + 10).padStart(12, '0')}`,
      ...observation(index),
    }))
    const letters = (index: number) =>
      [0, 1, 2, 3].map((place) => String.fromCharCode(65 + (Math.floor(index / 26 ** place) % 26))).join('')
    const security = many(bytes / 2, 16, (index) => ({ code: letters(index) }))
    return bundle(
      {
        resourceType: 'DiagnosticReport',
        meta: { security },
        status: 'final',
        code,
        subject,
        result: results.slice(0, 5000).map(({ fullUrl }) => ({ reference: fullUrl })),
      },
      results,
    )
  },
  'a patient of many numbers, to whom many refer by number': (bytes) => {
    const value = '9990000018'
    const local = many(Math.min(bytes / 2, 4900 * 80), 80, () => ({ use: 'old', system: nhsNumberSystem, value }))
    const named = {
      fullUrl: 'urn:uuid:00000000-0000-4000-9000-000000000003',
      ...patient,
      identifier: [...patient.identifier, ...local],
    }
    return bundle(
      named,
      many(bytes / 2, 480, (index) =>
        observation(index, { subject: { reference: named.fullUrl, identifier: { system: nhsNumberSystem, value } } }),
      ),
    ).replace(`{"fullUrl":"${patientUrl}"`, `{"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000000"`)
  },
  'a name of a megabyte, author of many documents': (bytes) => {
    const person = {
      fullUrl: 'urn:uuid:00000000-0000-4000-9000-000000000004',
      resourceType: 'Practitioner',
      name: [{ text: 'N'.repeat(bytes / 2) }],
    }
    return bundle(
      person,
      many(bytes / 2, 480, (index) => document(index, { author: [{ reference: person.fullUrl }] })),
    )
  },
  'a report that has no id, with many forms': (bytes) =>
    bundle(
      `{"request":{"method":"POST"},"resource":${JSON.stringify({ resourceType: 'DiagnosticReport', status: 'final', code, subject, x: 'x'.repeat(bytes / 2), presentedForm: many(Math.min(bytes / 2, 5000 * 14), 14, () => ({ title: 'F' })) })}}`,
    ),
  'one list of a million wrong values': (bytes) => bundle(observation(0, { performer: many(bytes, 2, () => 1) })),
  'many lists of wrong values': (bytes) =>
    bundle(many(bytes, 10_000, (index) => observation(index, { performer: many(9600, 2, () => 1) }))),
  'contacts of a patient who has many labels': (bytes) => {
    const contact = many(Math.min(bytes / 2, 5000 * 30), 30, () => ({ name: { text: 'C' } }))
    const security = many(bytes / 2, 14, () => ({ code: 'PSY' }))
    return bundle({ fullUrl: 'urn:uuid:00000000-0000-4000-9000-000000000005', ...patient, meta: { security }, contact })
  },
}
