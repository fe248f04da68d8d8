import { createTokenVerifier } from '../schema/access-token.ts'
import { createJsonLines, toStandardOutput } from '../schema/http/json-lines.ts'
import { createServiceLog, type ServiceLog } from '../schema/http/service-log.ts'
import { closeOnSignal } from '../schema/process/close-on-signal.ts'
import { runMain } from '../schema/process/run-main.ts'
import { loadSpans } from '../schema/tracing/load-spans.ts'
import type { HeadWitness } from './audit/head-witness.ts'
import { type NamedPoint, openAuditTrail } from './audit/open-audit-trail.ts'
import { loadConfiguration } from './configuration.ts'
import { createDemoPage } from './demo/demo-page.ts'
import { createGateway } from './gateway.ts'
import { logRequests } from './metrics/log-requests.ts'

/** The gateway as a process: settings from the environment, one line when it listens, SIGTERM ends it in order. */
if (import.meta.main) {
  await runMain(async () => {
    const {
      port,
      host,
      tokenKeys,
      tokenIssuer,
      tokenAudience,
      gatewayKey,
      auditFolder,
      auditWriter,
      auditWitness,
      publicUrl,
      demoIssuerKey,
      requestLog,
      traces,
      stop,
      ...settings
    } = await loadConfiguration(process.env)
    const { secret, introspection } = settings
    const log = createServiceLog()
    const auditLog = createJsonLines(toStandardOutput())
    const trail = await openAuditTrail({
      folder: auditFolder,
      writer: auditWriter,
      secret,
      witnessed: await loadWitnessed(auditWitness, log),
      onFound: (writers) => auditLog.warn({ writers }, 'audit writers of before there was a register are registered'),
    })
    const gateway = createGateway({
      ...settings,
      verifyToken: createTokenVerifier({ keys: tokenKeys, issuer: tokenIssuer, audience: tokenAudience }),
      assertionKey: gatewayKey,
      observe: [logRequests(requestLog)],
      spans: await loadSpans(traces, 'share2care-gateway', log),
      trail,
      witness: auditWitness,
      onHead: (head) => auditLog.info(head, 'audit head'),
      ...(publicUrl === null ? {} : { publicUrl }),
      ...(introspection === 'off' ? {} : { graphiql: demoIssuerKey === null ? { exampleVariables: {} } : createDemoPage(demoIssuerKey) }),
    })
    const { url } = await gateway.listen({ port, host })
    // First: whoever reads the line may send the signal at once.
    closeOnSignal(gateway.close, stop)
    process.stdout.write(`gateway listens at ${url}\n`)
  })
}

/** The heads that a witness kept; a witness that cannot be asked stops nothing. */
async function loadWitnessed(witness: HeadWitness | null, log: ServiceLog): Promise<readonly NamedPoint[]> {
  try {
    return (await witness?.load())?.heads ?? []
  } catch (cause) {
    log('The audit witness could not be read', cause)
    return []
  }
}
