import { runMain } from '../schema/service/run-main.ts'
import { startGateway } from './start-gateway.ts'

/** Runs the gateway with settings from the environment. */
if (import.meta.main) await runMain(() => startGateway(process.env, null))
