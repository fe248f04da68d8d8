import { expect, test } from 'vitest'
import type * as Region from '../../schema/generated/region.ts'
import { toItemId } from '../../schema/item-id.ts'
import { loadPoliciesThatShowFlagged } from '../support/consent/policies-showing-flagged.ts'
import { content, council, identifier, item, numberOf, patient, publication } from '../support/store/publications.ts'
import { createTestService } from '../support/store/test-service.ts'

const at = '2026-11-20T09:00:00Z'
const place: Region.Organisation = { odsCode: 'RXN', name: 'A secret place' }
const bytes = content(Buffer.from('Seen at the secret place'))
const ownCode = { system: 'https://codes.secret-place.example', code: 'secret', display: 'A secret place' }
const letter = {
  type: {
    text: 'Letter from a secret place',
    codings: [ownCode, { system: 'http://snomed.info/sct', code: '373942005', display: 'A secret letter' }],
  },
  title: 'Letter from a secret place',
  created: at,
  author: { name: 'Dr A. Secret', role: null, organisation: place },
  custodian: place,
  contentAnswer: 'AVAILABLE' as const,
  content: { contentType: 'text/plain', size: bytes.bytes.length, sha256: bytes.sha256, language: null },
}
const record = publication({
  patients: [patient(0, { sensitive: true, localIdentifiers: [identifier('secret')] })],
  items: [
    item('documents', 'd', { at, organisation: place, fields: letter }),
    item('encounters', 'e', { at, organisation: place, fields: { provider: place, start: at } }),
    item('appointments', 'a', {
      at: '2100-01-01T09:00:00Z',
      organisation: place,
      fields: { specialty: { text: 'A secret clinic', codings: [ownCode] }, description: 'At a secret place' },
    }),
    item('medications', 'm', { organisation: place, fields: { prescriber: place } }),
    item('contacts', 'c', {
      organisation: place,
      fields: { professional: true, name: 'A secret practice', worksFor: place },
    }),
    item('carePlans', 's', { organisation: council }),
  ],
  contents: [bytes],
})
const organisation = 'organisation { odsCode name }'
const selection = `record { localIdentifiers { value } socialCarePlans { id }
  appointments { nodes { description location specialty { text codings { code display } } } }
  documents(filter: { organisations: ["RXX"], types: ["elsewhere"] }) { nodes { title type { text codings { code display } } author { name } custodian { odsCode } contentAnswer content { sha256 } ${organisation} } }
  encounters(filter: { all: true }) { nodes { provider { odsCode } ${organisation} } }
  medications { nodes { prescriber { odsCode } ${organisation} } }
  contacts { nodes { name telecom { value } worksFor { odsCode } ${organisation} } }
  carePlans { nodes { title ${organisation} } } }`

test('a store that shows a patient whom it flags shows no location, whichever organisation the query filters by, and opens no content', async () => {
  await using service = await createTestService({
    region: 'lancashire-south-cumbria',
    policies: loadPoliciesThatShowFlagged(),
  })
  await service.publish(record)
  const answer = await service.patient(selection, numberOf(0), { organisation: 'RXN' })
  expect(answer.record).toEqual({
    localIdentifiers: [],
    socialCarePlans: [],
    documents: {
      nodes: [
        {
          title: "Title not shown: this patient's location is protected",
          type: { text: 'Discharge summary', codings: [{ code: '373942005', display: 'Discharge summary' }] },
          author: null,
          custodian: null,
          contentAnswer: 'LOCATION_PROTECTED',
          content: null,
          organisation: null,
        },
      ],
    },
    appointments: {
      nodes: [
        {
          description: null,
          location: null,
          specialty: { text: "Not shown: this patient's location is protected", codings: [] },
        },
      ],
    },
    encounters: { nodes: [{ provider: null, organisation: null }] },
    medications: { nodes: [{ prescriber: null, organisation: null }] },
    contacts: { nodes: [{ name: null, telecom: [], worksFor: null, organisation: null }] },
    carePlans: { nodes: [{ title: 'Care plan', organisation: null }] },
  })

  const id = toItemId({ kind: 'documents', ...identifier('d'), orderedAtMs: Date.parse(at) })
  const opened = await service.service.fetch(
    new Request(`http://store/content/${id}`, { headers: await service.headers({ organisation: 'RXN' }) }),
  )
  expect([opened.status, (await opened.json()).errors[0].extensions.code]).toEqual([403, 'LOCATION_PROTECTED'])
})
