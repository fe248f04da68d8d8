import { readFileSync } from 'node:fs'
import { createAuditTrail } from '../../../gateway/audit/audit-trail.ts'
import { loadConfiguration } from '../../../gateway/configuration.ts'
import { createGateway } from '../../../gateway/gateway.ts'
import { createTokenVerifier } from '../../../schema/access-token.ts'
import { closeOnSignal } from '../../../schema/service/close-on-signal.ts'

/** gateway/main.ts over regions that share one region's schema and rules, which a list of regions may not. */
if (import.meta.main) {
  const { REGIONS = '', ...environment } = process.env
  const {
    port,
    tokens,
    gatewayKey,
    auditFolder,
    auditWriter,
    publicUrl: _,
    ...settings
  } = await loadConfiguration(environment)
  const { secrets } = settings
  const gateway = createGateway({
    ...settings,
    regions: JSON.parse(readFileSync(REGIONS, 'utf8')),
    verifyToken: createTokenVerifier(tokens),
    assertionKey: gatewayKey,
    trail: await createAuditTrail({ folder: auditFolder, writer: auditWriter, secrets }),
  })
  const { url } = await gateway.listen({ port })
  console.log(`gateway listens at ${url}`)
  closeOnSignal(() => gateway.close())
}
