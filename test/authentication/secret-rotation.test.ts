import { expect, test } from 'vitest'
import { createReviewCursorCodec } from '../../gateway/privacy-officer/review-cursor.ts'
import { startSystem } from '../support/system.ts'

const former = new Uint8Array(32).fill(7)
const current = new Uint8Array(32).fill(8)
const nhsNumber = '9990000018'
const timeline = `query Timeline($after: String) { patient(nhsNumber: "${nhsNumber}") { results(first: 2, after: $after) { nodes { id } pageInfo { endCursor hasNextPage } } } }`
const documents = `{ patient(nhsNumber: "${nhsNumber}") { documents(first: 20) { nodes { content { url } } } } }`

test('a cursor and a content URL from before a rotation work after it, and end with the former secret', async () => {
  await using system = await startSystem({ people: true })
  const ask = async (url: string, query: string, variables = {}) => {
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${await system.token()}` }
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    })
    return response.json()
  }
  const open = async (base: string, url: string) =>
    (
      await fetch(new URL(new URL(url).pathname, base), {
        headers: { authorization: `Bearer ${await system.token()}` },
      })
    ).status
  const page = await ask(system.url, timeline)
  const { endCursor, hasNextPage } = page.data.patient.results.pageInfo
  expect(hasNextPage).toBe(true)
  const found = await ask(system.url, documents)
  const url: string = found.data.patient.documents.nodes.find(
    (node: { content: object | null }) => node.content !== null,
  ).content.url

  const rotated = await system.another({ secrets: [current, former] })
  const expected = await ask(system.url, timeline, { after: endCursor })
  const after = await ask(rotated, timeline, { after: endCursor })
  expect(after.errors).toBeUndefined()
  expect(after.data.patient.results.nodes).toEqual(expected.data.patient.results.nodes)
  expect(await open(rotated, url)).toBe(200)
  // What it signs is signed by the new secret alone.
  const next = after.data.patient.results.pageInfo.endCursor
  const retired = await system.another({ secrets: [current] })
  expect((await ask(retired, timeline, { after: next })).errors).toBeUndefined()
  expect((await ask(retired, timeline, { after: endCursor })).errors).toMatchObject([
    { extensions: { code: 'BAD_CURSOR' } },
  ])
  expect(await open(retired, url)).toBe(404)
  const positions = new Map([['CHESHIRE_MERSEYSIDE', 'one']])
  const cursor = createReviewCursorCodec(former).print(positions)
  expect([
    createReviewCursorCodec(current, former).parse(cursor),
    createReviewCursorCodec(current).parse(cursor),
  ]).toEqual([positions, null])
})
