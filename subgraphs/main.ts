import { runMain } from '../schema/service/run-main.ts'
import { readSlug } from './service/read-slug.ts'
import { startRecordStore } from './start-record-store.ts'

/** Starts the record store of any region of the list of regions, as a process. */
if (import.meta.main)
  await runMain(async () => startRecordStore({ slug: readSlug('subgraphs/main.ts'), environment: process.env }))
