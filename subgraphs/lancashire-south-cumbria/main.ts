import { runMain } from '../../schema/service/run-main.ts'
import { startRecordStore } from '../start-record-store.ts'
import { createLancashireSouthCumbriaService } from './service.ts'

/** LPRES's record store as a process. */
if (import.meta.main)
  await runMain(() =>
    startRecordStore({
      slug: 'lancashire-south-cumbria',
      createService: createLancashireSouthCumbriaService,
      environment: process.env,
    }),
  )
