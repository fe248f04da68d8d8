import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createFeedStore } from '../support/change-feed/feed-store.ts'
import { recordFeed } from '../support/change-feed/recorded-feed.ts'
import { patient as fhirPatient, transaction } from '../support/publishing/bundle.ts'
import { runProgram } from '../support/run-program.ts'
import { grant } from '../support/store/consent-records.ts'
import { numberOf, optOut, patient, publication } from '../support/store/publications.ts'

test("the feed sends a publication's patients, each with the sequence number of its change", async () => {
  await using system = await createFeedStore()
  await using heard = recordFeed(system)
  await heard.until(() => heard.feed.isCurrent)
  await system.store.publish([publication({ patients: [patient(0), patient(1)] })])
  await heard.until(() => heard.feed.lastSequence === 2)
  expect(heard.received.toSorted()).toEqual([`change 1 publish ${numberOf(0)}`, `change 2 publish ${numberOf(1)}`])
})

test('the feed sends opt-outs, permissions, their withdrawal, and broken glass', async () => {
  await using system = await createFeedStore()
  const { store } = system
  await store.publish([publication({ patients: [patient(0)] })])
  await using heard = recordFeed(system)
  await heard.until(() => heard.feed.isCurrent)
  const changes: readonly (() => Promise<unknown>)[] = [
    () => store.publish([publication({ optOuts: [optOut('o1')] })]),
    () => system.commit(numberOf(0)),
    () => store.withdrawPermission(numberOf(0), 'REM'),
    () => store.recordGrant(grant(), 0),
  ]
  for (const [index, change] of changes.entries()) {
    await change()
    await heard.until(() => heard.received.length === index + 1)
  }
  expect(heard.received.map((line) => line.split(' ')[3])).toEqual(changes.map(() => numberOf(0)))
  expect(heard.received.slice(1).map((line) => line.split(' ')[2])).toEqual(['consent', 'consent', 'consent'])
})

test('the feed sends what another process commits: the import command', async () => {
  await using system = await createFeedStore()
  await using heard = recordFeed(system)
  await heard.until(() => heard.feed.isCurrent)
  const file = join(system.folder, 'bundle.json')
  writeFileSync(file, JSON.stringify(transaction(fhirPatient)))
  await using command = runProgram('subgraphs/publishing/import.ts', ['--region', 'cheshire-merseyside', file], {
    DATA_DIR: system.folder,
  })
  expect(await command.ended).toBe(0)
  await heard.until(() => heard.received.length > 0)
  expect(heard.received).toEqual(['change 1 publish 9990000018'])
})

test('a new subscriber receives what comes, and not what was', async () => {
  await using system = await createFeedStore()
  await system.commit(numberOf(0))
  await using heard = recordFeed(system)
  await heard.until(() => heard.feed.isCurrent)
  await system.commit(numberOf(1))
  await heard.until(() => heard.received.length > 0)
  expect(heard.received).toEqual([`change 2 consent ${numberOf(1)}`])
})

test('the feed sends several changes of one patient in a batch as the last of them', async () => {
  await using system = await createFeedStore()
  const { 'gateway-assertion': assertion = '' } = await system.headers()
  for (const nhsNumber of [numberOf(0), numberOf(1), numberOf(0), numberOf(0)]) await system.commit(nhsNumber)
  const response = await system.open({ 'gateway-assertion': assertion, 'last-event-id': '0' })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes('id: 4')) text += (await reader?.read())?.value ?? ''
  await reader?.cancel()
  expect(text.match(/^id: \d+\nevent: change/gm)).toEqual(['id: 2\nevent: change', 'id: 4\nevent: change'])
})
