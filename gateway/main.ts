import { createTokenVerifier } from '../schema/access-token.ts'
import { createServiceLog } from '../schema/http/service-log.ts'
import { closeOnSignal } from '../schema/process/close-on-signal.ts'
import { isSystemError, toFinding } from '../schema/process/load-file.ts'
import { SettingsRejected } from '../schema/process/load-settings.ts'
import { runMain } from '../schema/process/run-main.ts'
import { Unfit } from '../schema/process/start-refused.ts'
import { loadSpans } from '../schema/tracing/load-spans.ts'
import { type AuditTrail, type AuditTrailOptions, createAuditTrail } from './audit/audit-trail.ts'
import { loadConfiguration } from './configuration.ts'
import { createDemoPage } from './demo/demo-page.ts'
import { createGateway } from './gateway.ts'
import { logRequests } from './metrics/log-requests.ts'

/** The audit trail; rejects with StartRefused where its folder holds what this user may not use, or what is none of ours. */
async function openTrail(options: AuditTrailOptions): Promise<AuditTrail> {
  try {
    return await createAuditTrail(options)
  } catch (cause) {
    if (cause instanceof Unfit) throw new SettingsRejected({ AUDIT_DIR: cause })
    if (!isSystemError(cause)) throw cause
    throw new SettingsRejected({ AUDIT_DIR: new Unfit('files and folders that this user may write', toFinding(cause, cause.path ?? options.folder), { cause }) })
  }
}

/** The gateway as a process: settings from the environment, one line when it listens, SIGTERM ends it in order. */
if (import.meta.main) {
  await runMain(async () => {
    const { port, host, tokens, gatewayKey, auditFolder, auditWriter, publicUrl, demoIssuerKey, requestLog, traces, stop, ...settings } = await loadConfiguration(process.env)
    const { secret, formerSecrets, introspection } = settings
    const gateway = createGateway({
      ...settings,
      verifyToken: createTokenVerifier(tokens),
      assertionKey: gatewayKey,
      observe: [logRequests(requestLog)],
      spans: await loadSpans(traces, 'share2care-gateway', createServiceLog()),
      trail: await openTrail({ folder: auditFolder, writer: auditWriter, secret, formerSecrets }),
      ...(publicUrl === null ? {} : { publicUrl }),
      ...(introspection === 'off' ? {} : { graphiql: demoIssuerKey === null ? { exampleVariables: {} } : createDemoPage(demoIssuerKey) }),
    })
    const { url } = await gateway.listen({ port, host })
    // First: whoever reads the line may send the signal at once.
    closeOnSignal(gateway.close, stop)
    process.stdout.write(`gateway listens at ${url}\n`)
  })
}
