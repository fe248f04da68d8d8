import { parentPort, workerData } from 'node:worker_threads'
import { receiveAddedOrganisations } from '../../schema/organisations.ts'
import { createSqliteRecordStore } from '../store/sqlite-record-store.ts'
import { createBundlePublisher } from './publish-bundle.ts'
import type { PublishingThreadOptions, Result, Task } from './publishing-thread.ts'

/** The thread of createPublishingThread: is given Bundles, which it publishes one after the other; null ends it. */
if (parentPort) {
  const port = parentPort
  const { addedOrganisations, ...database } = workerData as PublishingThreadOptions
  if (addedOrganisations) receiveAddedOrganisations(addedOrganisations)
  const store = createSqliteRecordStore(database)
  const publish = createBundlePublisher(store)
  const answer = async ({ id, bytes, attribution }: Task) => {
    try {
      const published = await publish(bytes, attribution)
      port.postMessage({ id, answer: published } satisfies Result, [published.body.buffer as ArrayBuffer])
    } catch (error) {
      port.postMessage({ id, failure: error instanceof Error ? error : new Error(String(error)) } satisfies Result)
    }
  }
  let work: Promise<unknown> = Promise.resolve()
  port.on('message', (task: Task | null) => {
    work = work.then(() => {
      if (task) return answer(task)
      store.close()
      port.close()
    })
  })
}
