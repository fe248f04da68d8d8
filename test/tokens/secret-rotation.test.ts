import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createAuditTrail } from '../../gateway/audit/audit-trail.ts'
import { verifyTrail } from '../../gateway/audit/verify-trail.ts'
import { createReviewCursors } from '../../gateway/privacy/review-cursor.ts'
import { accessEvent } from '../audit/support/access-event.ts'
import { startSystem } from '../support/system.ts'

const former = new Uint8Array(32).fill(7)
const current = new Uint8Array(32).fill(8)
const nhsNumber = '9990000018'
const timeline = `query Timeline($after: String) { patient(nhsNumber: "${nhsNumber}") { results(first: 2, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } } }`
const documents = `{ patient(nhsNumber: "${nhsNumber}") { documents(first: 20) { nodes { content { url } } } } }`

test('a cursor and a content url of before a rotation work after it, and end with the former secret', async () => {
  await using system = await startSystem({ people: true })
  const ask = async (url: string, query: string, variables = {}) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` }
    const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query, variables }) })
    return response.json()
  }
  const open = async (base: string, url: string) => (await fetch(new URL(new URL(url).pathname, base), { headers: { authorization: `Bearer ${await system.token()}` } })).status
  const page = await ask(system.url, timeline)
  const { endCursor, hasNextPage } = page.data.patient.results.pageInfo
  expect(hasNextPage).toBe(true)
  const found = await ask(system.url, documents)
  const url: string = found.data.patient.documents.nodes.find((node: { content: object | null }) => node.content !== null).content.url

  const rotated = await system.another({ secret: current, formerSecrets: [former] })
  const expected = await ask(system.url, timeline, { after: endCursor })
  const after = await ask(rotated, timeline, { after: endCursor })
  expect(after.errors).toBeUndefined()
  expect(after.data.patient.results.nodes).toEqual(expected.data.patient.results.nodes)
  expect(await open(rotated, url)).toBe(200)
  // What it signs is signed by the new secret alone.
  const next = after.data.patient.results.pageInfo.endCursor
  const retired = await system.another({ secret: current })
  expect((await ask(retired, timeline, { after: next })).errors).toBeUndefined()
  expect((await ask(retired, timeline, { after: endCursor })).errors).toMatchObject([{ extensions: { code: 'BAD_CURSOR' } }])
  expect(await open(retired, url)).toBe(404)
  const positions = new Map([['CHESHIRE_MERSEYSIDE', 'one']])
  const cursor = createReviewCursors(former).print(positions)
  expect([createReviewCursors(current, former).parse(cursor), createReviewCursors(current).parse(cursor)]).toEqual([positions, null])
})

test('an audit trail begun under the former secret goes on, and verifies over the rotation', async () => {
  await using system = await startSystem()
  const folder = join(system.auditFolder, '..', 'rotated')
  const write = async (options: { readonly secret: Uint8Array; readonly formerSecrets?: readonly Uint8Array[] }, writer = 'gateway-1') => {
    await using trail = await createAuditTrail({ folder, writer, ...options })
    await trail.record([accessEvent()])
  }
  await write({ secret: former })
  await write({ secret: former }, 'gateway-2')
  await expect(write({ secret: current })).rejects.toThrow('no head there bears the seal of this secret')
  await write({ secret: current, formerSecrets: [former] })
  // Its head is sealed anew; that of a writer that has not started since needs the former.
  const both = await verifyTrail({ folder, secret: current, formerSecrets: [former] })
  expect(both).toMatchObject([
    { writer: 'gateway-1', events: 2, break: null },
    { writer: 'gateway-2', events: 1, break: null },
  ])
  expect(await verifyTrail({ folder, secret: current })).toMatchObject([{ break: null }, { break: { reason: 'HEAD_CHANGED' } }])
  expect(readFileSync(join(folder, 'gateway-1', 'head')).length).toBe(512)
})
