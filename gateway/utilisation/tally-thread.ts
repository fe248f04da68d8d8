import { parentPort, workerData } from 'node:worker_threads'
import { tallyTrail } from './tally-trail.ts'

/** The thread of createTrailTallies: is given a folder and positions, says what was recorded since. */
if (parentPort) parentPort.postMessage(await tallyTrail(workerData.folder, workerData.positions))
