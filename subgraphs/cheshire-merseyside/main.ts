import { runMain } from '../../schema/service/run-main.ts'
import { startRecordStore } from '../start-record-store.ts'
import { createCheshireMerseysideService } from './service.ts'

/** e-Xchange's record store as a process. */
if (import.meta.main)
  await runMain(() =>
    startRecordStore({
      slug: 'cheshire-merseyside',
      createService: createCheshireMerseysideService,
      environment: process.env,
    }),
  )
