import type { Secrets } from '../../../schema/secrets.ts'
import type { RunningProgram } from '../run-program.ts'
import { createServiceProcesses } from '../service-processes.ts'

/**
 * Both stores with the demo's people, and a gateway in front of them that may be killed and started again, each a
 * process as `npm start` has them.
 */
export interface KillableGateway extends AsyncDisposable {
  readonly auditFolder: string
  /** With which the trail is sealed. */
  readonly secrets: Secrets
  readonly graphqlUrl: string
  /** A consultant's. */
  readonly token: string
  /** Resolves when it listens. */
  startGateway(): Promise<RunningProgram>
}

export async function startKillableGateway(): Promise<KillableGateway> {
  const processes = await createServiceProcesses()
  await Promise.all([
    processes.startDemoStore('cheshire-merseyside'),
    processes.startDemoStore('lancashire-south-cumbria'),
  ])
  const { auditFolder, secrets } = processes
  return {
    auditFolder,
    secrets,
    graphqlUrl: `${processes.gatewayUrl()}/graphql`,
    token: await processes.token(),
    startGateway: () => processes.startGateway(),
    [Symbol.asyncDispose]: () => processes[Symbol.asyncDispose](),
  }
}
