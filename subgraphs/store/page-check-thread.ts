import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { isSound } from './open-database.ts'

/** The thread of checkLargeDatabase: is given a file, says whether it is sound. */
if (parentPort) {
  const db = new DatabaseSync(workerData, { readOnly: true, timeout: 10_000 })
  parentPort.postMessage(isSound(db))
  db.close()
}
