import { describe, expect, test } from 'vitest'
import { verifyTrail } from '../../gateway/audit/verify-trail.ts'
import { createFailingDisk } from '../support/audit/failing-disk.ts'
import {
  auditor,
  breakGlass,
  breakGlassInput,
  consultant,
  guardian,
  officer,
  patient,
  runPublishedOperation,
} from '../support/consent/broken-glass.ts'
import { publishedOperationNames } from '../support/published-operation.ts'
import { type System, startSystem } from '../support/system.ts'

const { nhsNumber, region } = breakGlassInput
const access = { relationship: 'CLAIMED' }
const clinician = {}

/** Every published operation that is on the trail, as somebody who may ask it. */
const operations: readonly (readonly [
  name: string,
  who: Parameters<System['token']>[0],
  variables: Readonly<Record<string, unknown>>,
])[] = [
  ['full-record', clinician, { nhsNumber, access }],
  ['patient-summary', clinician, { nhsNumber, access }],
  ['regional-records', clinician, { nhsNumber, access }],
  ['ward-list', clinician, { nhsNumbers: [nhsNumber, '9990000026', '9990000042'], access }],
  ['results-timeline', clinician, { nhsNumber, access }],
  ['encounters-timeline', clinician, { nhsNumber, access }],
  ['documents-timeline', clinician, { nhsNumber, access }],
  ['record-permission', consultant, { nhsNumber, region }],
  ['withdraw-permission', consultant, { nhsNumber, region }],
  ['break-glass', consultant, breakGlassInput],
  [
    'review-override',
    guardian,
    { grant: 'cheshire-merseyside.1', office: 'REGION', outcome: 'JUSTIFIED', note: 'Seen' },
  ],
  ['who-saw-this-patient', guardian, { nhsNumber }],
  ['what-this-person-saw', officer, { person: consultant.person }],
  ['open-reviews', auditor, {}],
  ['explain-access', guardian, { nhsNumber, viewer: { role: 'R0050', organisation: 'RXN' } }],
]

/** Each refused to whom it is not for, which is on the trail as well. */
const notTheirs = ['who-saw-this-patient', 'what-this-person-saw', 'open-reviews', 'explain-access', 'review-override']

/** They ask for no record. */
const recordless = ['regions', 'utilisation-report']

test('the list of refused operations contains every published operation that requests a record', () => {
  const names = publishedOperationNames().map((name) =>
    name.replace(/(?!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase(),
  )
  expect(operations.map(([name]) => name).sort()).toEqual(names.filter((name) => !recordless.includes(name)).sort())
})

describe.each(['full', 'read-only'] as const)("while the trail's disk is %s", (state) => {
  const runs = test.runIf(state === 'read-only' || process.platform === 'linux')

  runs(
    'no view, change or privacy query is told, to whomever; when it is sound again all are, and the chain is whole',
    async () => {
      const disk = createFailingDisk()
      await using system = await startSystem({ people: true, auditDisk: disk })
      await breakGlass(system)
      disk.state = state
      for (const [name, who, variables] of operations)
        expect(refusalOf(await runPublishedOperation(system, who, name, variables)), name).toEqual(refused)
      for (const [name, , variables] of operations.filter(([name]) => notTheirs.includes(name))) {
        expect(
          refusalOf(await runPublishedOperation(system, clinician, name, variables)),
          `${name}, by a clinician`,
        ).toEqual(refused)
      }
      disk.state = 'sound'
      for (const [name, who, variables] of operations)
        expect((await runPublishedOperation(system, who, name, variables)).errors, name).toEqual([])
      expect(await verifyTrail({ folder: system.auditFolder, secrets: null })).toMatchObject([{ break: null }])
    },
  )

  runs('no document is told, nor its content sent, by a url that was given before', async () => {
    const disk = createFailingDisk()
    await using system = await startSystem({ people: true, auditDisk: disk })
    const token = await system.token()
    const { data } = await system.query(
      '{ patient(nhsNumber: "9990000328") { documents { nodes { id content { url } } } } }',
      {},
      token,
    )
    const { id, content } = data.patient.documents.nodes.find(
      (one: { readonly content: unknown }) => one.content !== null,
    )
    const open = async () => {
      const response = await fetch(content.url, { headers: { authorization: `Bearer ${token}` } })
      return { status: response.status, body: await response.text() }
    }
    const sound = await open()
    disk.state = state
    expect(refusalOf(await system.query(`{ document(id: "${id}") { status document { title } } }`, {}, token))).toEqual(
      refused,
    )
    const { status, body } = await open()
    expect([status, JSON.parse(body).errors[0].extensions.code, JSON.parse(body).data]).toEqual([
      503,
      'AUDIT_UNAVAILABLE',
      undefined,
    ])
    disk.state = 'sound'
    expect(await open()).toEqual(sound)
  })

  runs('requests at once are all refused, and each of those that come after is answered', async () => {
    const disk = createFailingDisk()
    await using system = await startSystem({ people: true, auditDisk: disk })
    const look = () =>
      Promise.all(
        Array.from({ length: 20 }, () =>
          runPublishedOperation(system, clinician, 'patient-summary', { nhsNumber: patient, access }),
        ),
      )
    disk.state = state
    expect((await look()).map(refusalOf)).toEqual(Array(20).fill(refused))
    disk.state = 'sound'
    expect((await look()).flatMap(({ errors }) => errors)).toEqual([])
  })
})

const refused = { status: 503, data: null, codes: ['AUDIT_UNAVAILABLE'] }

function refusalOf({
  status,
  data,
  errors,
}: {
  readonly status: number
  readonly data: object | null
  readonly errors: readonly { readonly extensions: { readonly code?: unknown } }[]
}) {
  // Where every root field may be null, so are they, one by one.
  const isNothing = data === null || Object.values(data).every((field) => field === null)
  return { status, data: isNothing ? null : data, codes: [...new Set(errors.map(({ extensions }) => extensions.code))] }
}
