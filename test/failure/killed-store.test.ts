import { DatabaseSync } from 'node:sqlite'
import { expect, test } from 'vitest'
import { createSqliteRecordStore } from '../../subgraphs/store/sqlite-record-store.ts'
import { readHeldVersion } from '../support/restarts/read-held-version.ts'
import { toVersionedBundle } from '../support/restarts/versioned-bundle.ts'
import type { RunningProgram } from '../support/run-program.ts'
import { createServiceProcesses, type ServiceProcesses } from '../support/service-processes.ts'
import { numberOf } from '../support/store/publications.ts'

/** How often the store is killed; KILLS=50 takes some four minutes. */
const kills = Number(process.env.KILLS ?? 2)
const slug = 'cheshire-merseyside'
const publishers = 6
const mostAnswers = 40
// About what one Bundle takes: the kill falls anywhere in a transaction.
const longestWaitMs = 25

/** What one publisher has been told of, and what it has sent: versions of its patient's record, from 1. */
interface Published {
  readonly nhsNumber: string
  acknowledged: number
  sent: number
}

/** Publishes version after version until the store is gone. */
async function publishUntilKilled(
  system: ServiceProcesses,
  token: string,
  published: Published,
  onAnswer: () => void,
): Promise<void> {
  const headers = { 'content-type': 'application/fhir+json', authorization: `Bearer ${token}` }
  for (;;) {
    const version = published.sent + 1
    const body = JSON.stringify(toVersionedBundle(published.nhsNumber, version))
    published.sent = version
    try {
      const response = await fetch(`${system.storeUrl(slug)}/fhir`, { method: 'POST', headers, body })
      const text = await response.text()
      if (response.status !== 200) throw new Error(`${response.status} ${text.slice(0, 300)}`)
    } catch (cause) {
      // The answer that was under way when the store was killed.
      if (cause instanceof TypeError) return
      throw cause
    }
    published.acknowledged = version
    onAnswer()
  }
}

/** Publishes for all of them at once, and kills the store a while after it has given some answers. */
async function publishAndKill(
  system: ServiceProcesses,
  store: RunningProgram,
  token: string,
  all: readonly Published[],
): Promise<void> {
  const goal = 1 + Math.floor(Math.random() * mostAnswers)
  let answers = 0
  const onAnswer = () => {
    answers++
    if (answers === goal) setTimeout(() => store.child.kill('SIGKILL'), Math.random() * longestWaitMs)
  }
  await Promise.all(all.map((published) => publishUntilKilled(system, token, published, onAnswer)))
  await store.ended
  expect(store.child.signalCode).toBe('SIGKILL')
}

function checkDatabase(file: string): void {
  const db = new DatabaseSync(file)
  expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
  expect(db.prepare('PRAGMA foreign_key_check').all()).toEqual([])
  db.close()
}

test(
  'a store killed again and again while it publishes holds each acknowledged Bundle whole and no other in part',
  async () => {
    await using system = await createServiceProcesses()
    const token = await system.token({ scope: 'publish', organisation: 'RBL' })
    const all: readonly Published[] = Array.from({ length: publishers }, (_, index) => ({
      nhsNumber: numberOf(index),
      acknowledged: 0,
      sent: 0,
    }))
    const unanswered = { whole: 0, absent: 0 }
    for (let life = 1; life <= kills; life++) {
      await publishAndKill(system, await system.startStore(slug), token, all)
      // Opened as a start opens it, which brings back what was committed.
      const store = createSqliteRecordStore({ region: 'CHESHIRE_MERSEYSIDE', file: system.databaseFile(slug) })
      checkDatabase(system.databaseFile(slug))
      for (const published of all) {
        const held = await readHeldVersion(store, published.nhsNumber)
        expect(
          [published.acknowledged, published.sent],
          `what ${published.nhsNumber} holds after life ${life}`,
        ).toContain(held)
        unanswered[held === published.sent ? 'whole' : 'absent'] += 1
        Object.assign(published, { acknowledged: held, sent: held })
      }
      store.close()
    }
    const bundles = all.reduce((sum, { acknowledged }) => sum + acknowledged, 0)
    if (process.env.KILLS)
      console.log(
        `${kills} kills, ${bundles} Bundles held; of those without an answer ${unanswered.whole} whole, ${unanswered.absent} absent, none in part`,
      )
    expect(bundles).toBeGreaterThan(kills)
  },
  60_000 + kills * 10_000,
)
