import { runMain } from '../../schema/service/run-main.ts'
import { startGateway } from '../start-gateway.ts'
import { createDemoGraphiQLPage } from './demo-graphiql-page.ts'

/** Runs the demo's gateway for `npm start`, whose GraphiQL opens with a token of the demo's issuer. */
if (import.meta.main) await runMain(() => startGateway(process.env, createDemoGraphiQLPage))
