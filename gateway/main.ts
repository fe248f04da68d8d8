import { runMain } from '../schema/service/run-main.ts'
import { startGateway } from './start-gateway.ts'

/** The gateway as a process; its settings are the environment's. */
if (import.meta.main) await runMain(() => startGateway(process.env, null))
