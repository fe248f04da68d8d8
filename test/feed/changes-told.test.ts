import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { patient as fhirPatient, transaction } from '../publishing/support/bundle.ts'
import { run } from '../start/support/run.ts'
import { grant } from '../store/support/consent.ts'
import { numberOf, optOut, patient, publication } from '../store/support/publications.ts'
import { createFeedStore } from './support/feed-store.ts'
import { hear } from './support/heard-feed.ts'

test('a publication is told: its patients, each with the number of its change', async () => {
  await using system = await createFeedStore()
  await using heard = hear(system)
  await heard.until(() => heard.feed.connected)
  await system.store.publish([publication({ patients: [patient(0), patient(1)] })])
  await heard.until(() => heard.feed.lastSequence === 2)
  expect(heard.told.toSorted()).toEqual([`change 1 publish ${numberOf(0)}`, `change 2 publish ${numberOf(1)}`])
})

test('opt-outs, permissions, their withdrawal, and broken glass are told', async () => {
  await using system = await createFeedStore()
  const { store } = system
  await store.publish([publication({ patients: [patient(0)] })])
  await using heard = hear(system)
  await heard.until(() => heard.feed.connected)
  const changes: readonly (() => Promise<unknown>)[] = [
    () => store.publish([publication({ optOuts: [optOut('o1')] })]),
    () => system.commit(numberOf(0)),
    () => store.withdrawPermission(numberOf(0), 'REM'),
    () => store.recordGrant(grant(), 0),
  ]
  for (const [index, change] of changes.entries()) {
    await change()
    await heard.until(() => heard.told.length === index + 1)
  }
  expect(heard.told.map((line) => line.split(' ')[3])).toEqual(changes.map(() => numberOf(0)))
  expect(heard.told.slice(1).map((line) => line.split(' ')[2])).toEqual(['consent', 'consent', 'consent'])
})

test('what another process commits is told: the import command', async () => {
  await using system = await createFeedStore()
  await using heard = hear(system)
  await heard.until(() => heard.feed.connected)
  const file = join(system.folder, 'bundle.json')
  writeFileSync(file, JSON.stringify(transaction(fhirPatient)))
  await using command = run('subgraphs/publishing/import.ts', ['--region', 'cheshire-merseyside', file], { DATA_DIR: system.folder })
  expect(await command.ended).toBe(0)
  await heard.until(() => heard.told.length > 0)
  expect(heard.told).toEqual(['change 1 publish 9990000018'])
})

test('who listens for the first time hears what comes, not what was', async () => {
  await using system = await createFeedStore()
  await system.commit(numberOf(0))
  await using heard = hear(system)
  await heard.until(() => heard.feed.connected)
  await system.commit(numberOf(1))
  await heard.until(() => heard.told.length > 0)
  expect(heard.told).toEqual([`change 2 consent ${numberOf(1)}`])
})

test('changes of one patient that are sent together are told as the last of them', async () => {
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
