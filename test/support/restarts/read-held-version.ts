import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import type { RecordStore } from '../../../subgraphs/store/record-store.ts'
import { keyOf } from '../store/store-reads.ts'
import { toLetterHash, toText, versionedParts } from './versioned-bundle.ts'

/** The version of a patient's record that a store holds, whole: each item and content says it. 0: there is none. */
export async function readHeldVersion(store: RecordStore, nhsNumber: string): Promise<number> {
  const key = await keyOf(store, nhsNumber)
  if (key === undefined) return 0
  const problems = (await store.readList('problems', [key], 99)).get(key) ?? []
  const documents =
    (
      await store.readTimeline('documents', [key], { first: 99, after: null, fromMs: null, toMs: null, filter: {} })
    ).get(key) ?? []
  const version = Number(/\d+$/.exec(documents[0]?.item.title ?? '')?.[0])
  expect(problems.map(({ item }) => item.code?.codings[0]?.display)).toEqual(
    Array.from({ length: versionedParts.conditions }, () => toText(version)),
  )
  expect(documents.map(({ item }) => item.title)).toEqual(
    Array.from({ length: versionedParts.letters }, () => toText(version)),
  )
  const hashes = await Promise.all(
    documents.map(async ({ item }) => hashOf(await store.readContent(item.content?.sha256 ?? ''))),
  )
  expect(hashes.sort()).toEqual(
    Array.from({ length: versionedParts.letters }, (_, index) => toLetterHash(nhsNumber, version, index)).sort(),
  )
  return version
}

async function hashOf(chunks: AsyncIterable<Uint8Array> | null): Promise<string> {
  const sum = createHash('sha256')
  for await (const chunk of chunks ?? []) sum.update(chunk)
  return sum.digest('hex')
}
