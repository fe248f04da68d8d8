import { createTokenVerifier } from '../schema/access-token.ts'
import { createServiceLog } from '../schema/http/service-log.ts'
import { closeOnSignal } from '../schema/process/close-on-signal.ts'
import { runMain } from '../schema/process/run-main.ts'
import { loadSpans } from '../schema/tracing/load-spans.ts'
import { createAuditTrail } from './audit/audit-trail.ts'
import { loadConfiguration } from './configuration.ts'
import { createDemoPage } from './demo/demo-page.ts'
import { createGateway } from './gateway.ts'
import { logRequests } from './metrics/log-requests.ts'

/** The gateway as a process: settings from the environment, one line when it listens, SIGTERM ends it in order. */
if (import.meta.main) {
  await runMain(async () => {
    const { port, host, tokens, gatewayKey, auditFolder, auditWriter, publicUrl, demoIssuerKey, requestLog, traces, stop, ...settings } = await loadConfiguration(process.env)
    const { secret, introspection } = settings
    const gateway = createGateway({
      ...settings,
      verifyToken: createTokenVerifier(tokens),
      assertionKey: gatewayKey,
      observe: [logRequests(requestLog)],
      spans: await loadSpans(traces, 'share2care-gateway', createServiceLog()),
      trail: await createAuditTrail({ folder: auditFolder, writer: auditWriter, secret }),
      ...(publicUrl === null ? {} : { publicUrl }),
      ...(introspection === 'off' ? {} : { graphiql: demoIssuerKey === null ? { exampleVariables: {} } : createDemoPage(demoIssuerKey) }),
    })
    const { url } = await gateway.listen({ port, host })
    // First: whoever reads the line may send the signal at once.
    closeOnSignal(gateway.close, stop)
    process.stdout.write(`gateway listens at ${url}\n`)
  })
}
