import { createTokenVerifier } from '../schema/access-token.ts'
import type { PrivateKey } from '../schema/private-key.ts'
import { closeOnSignal } from '../schema/service/close-on-signal.ts'
import { createJsonLogger, openStandardOutput } from '../schema/service/json-logger.ts'
import { describeFileError, isSystemError } from '../schema/service/load-file.ts'
import { type Environment, InvalidSettings } from '../schema/service/load-settings.ts'
import { loadSpans } from '../schema/service/load-spans.ts'
import { createServiceLog, type ServiceLog } from '../schema/service/service-log.ts'
import { InvalidSetting } from '../schema/service/startup-error.ts'
import type { AuditTrail } from './audit/audit-trail.ts'
import type { HeadWitness } from './audit/head-witness.ts'
import { type OpenAuditTrailOptions, openAuditTrail, type WriterHead } from './audit/open-audit-trail.ts'
import { loadConfiguration } from './configuration.ts'
import { createGateway } from './gateway.ts'
import { createRequestLog } from './observability/metrics/request-log.ts'
import type { GraphiQLPageOptions } from './server/graphiql-page.ts'

/**
 * Opens the audit trail. Rejects with InvalidSettings if this user may not use its folder, or if it holds files of
 * something else.
 */
async function openTrail(options: OpenAuditTrailOptions): Promise<AuditTrail> {
  try {
    return await openAuditTrail(options)
  } catch (cause) {
    if (cause instanceof InvalidSetting) throw new InvalidSettings({ AUDIT_DIR: cause })
    if (!isSystemError(cause)) throw cause
    throw new InvalidSettings({
      AUDIT_DIR: new InvalidSetting(
        'files and folders that this user may write',
        describeFileError(cause, cause.path ?? options.folder),
        { cause },
      ),
    })
  }
}

/** Creates the GraphiQL page of a gateway that has the demo issuer's key. */
export type CreateDemoPage = (issuerKey: PrivateKey) => GraphiQLPageOptions

/**
 * Runs the gateway as a process: it reads settings from the environment, prints one line when it listens, and stops
 * on SIGTERM. Rejects with InvalidSettings; so it does for DEMO_ISSUER_KEY without a `createDemoPage`, which only the
 * demo's own main passes.
 */
export async function startGateway(environment: Environment, createDemoPage: CreateDemoPage | null): Promise<void> {
  const {
    port,
    host,
    tokens,
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
  } = await loadConfiguration(environment)
  const { secrets, introspection } = settings
  const graphiqlPage = toGraphiQLPage(demoIssuerKey, createDemoPage)
  const log = createServiceLog()
  const auditLog = createJsonLogger(openStandardOutput())
  const trail = await openTrail({
    folder: auditFolder,
    writer: auditWriter,
    secrets,
    witnessed: await loadWitnessed(auditWitness, log),
    onFound: (writers) => auditLog.warn({ writers }, 'audit writers of before there was a register are registered'),
  })
  const gateway = createGateway({
    ...settings,
    verifyToken: createTokenVerifier(tokens),
    assertionKey: gatewayKey,
    observe: [createRequestLog(requestLog)],
    spans: await loadSpans(traces, 'share2care-gateway', log),
    trail,
    witness: auditWitness,
    onHead: (head) => auditLog.info(head, 'audit head'),
    ...(publicUrl === null ? {} : { publicUrl }),
    ...(introspection === 'off' ? {} : { graphiql: graphiqlPage }),
  })
  const { url } = await gateway.listen({ port, host })
  // Handlers come before the line is printed, because its reader may send the signal at once.
  closeOnSignal(gateway.close, stop)
  process.stdout.write(`gateway listens at ${url}\n`)
}

/** Returns the plain GraphiQL page, or the demo's, which opens with a token. */
function toGraphiQLPage(issuerKey: PrivateKey | null, createDemoPage: CreateDemoPage | null): GraphiQLPageOptions {
  if (issuerKey === null) return { exampleVariables: {} }
  if (createDemoPage !== null) return createDemoPage(issuerKey)
  throw new InvalidSettings({
    DEMO_ISSUER_KEY: new InvalidSetting('none but for gateway/demo/gateway.ts, which npm start runs', 'a key'),
  })
}

/**
 * Loads the heads of the trail that the witness recorded; none if the witness cannot be reached, which must not stop
 * the start.
 */
async function loadWitnessed(witness: HeadWitness | null, log: ServiceLog): Promise<readonly WriterHead[]> {
  try {
    return (await witness?.load())?.heads ?? []
  } catch (cause) {
    log('The audit witness could not be read', cause)
    return []
  }
}
