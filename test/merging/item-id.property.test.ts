import { describe, expect, test } from 'vitest'
import { type LocalIdentity, type SharedIdentity, toItemId } from '../../schema/item-id.ts'

// Few and short, so that all of them can be tried; some are equal when run together, and some look like what the digest
// is made of.
const texts = ['', 'a', 'b', 'ab', 'a","b', 'null']
const instants = [{}, { orderedAtMs: null }, { orderedAtMs: 0 }, { orderedAtMs: -1 }]
const shared: readonly SharedIdentity[] = texts.flatMap((kind) =>
  texts.flatMap((system) => texts.flatMap((value) => instants.map((at) => ({ kind, system, value, ...at })))),
)
const local: readonly LocalIdentity[] = texts.flatMap((kind) =>
  texts.flatMap((region) =>
    texts.flatMap((organisation) =>
      texts.flatMap((resourceId) => instants.map((at) => ({ kind, region, organisation, resourceId, ...at }))),
    ),
  ),
)

describe("an item's public id", () => {
  test("an item's id differs when its kind, identifier, location or instant is stated differently", () => {
    const ids = [...shared, ...local].map(toItemId)
    expect(ids.length).toBeGreaterThan(6000)
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('regions compute the same id for the same item, however they write it', () => {
    const backwards = (one: SharedIdentity) =>
      Object.fromEntries(Object.entries(one).reverse()) as unknown as SharedIdentity
    for (const one of shared) expect(toItemId(backwards(one))).toBe(toItemId(one))
    // Written down once: ids are in cursors, in viewers' memories and in other regions' stores.
    expect(toItemId({ kind: 'results', system: 'urn:test', value: 'x', orderedAtMs: 0 })).toBe('X8URKx0MqC7GjEfLePzT9g')
  })

  test("an item's id is 22 characters of base64url, which reveal nothing about the item", () => {
    for (const one of shared) expect(toItemId(one)).toMatch(/^[\w-]{22}$/)
  })
})
