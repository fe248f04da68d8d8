import { DatabaseSync } from 'node:sqlite'
import { parentPort, workerData } from 'node:worker_threads'
import { isSound } from './open-database.ts'

/** The thread of checkLargeDatabase. It receives a file and reports whether it is intact. */
if (parentPort) {
  const db = new DatabaseSync(workerData, { readOnly: true, timeout: 10_000 })
  parentPort.postMessage(isSound(db))
  db.close()
}
