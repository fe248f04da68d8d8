import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { createTokenVerifier } from '../../schema/access-token.ts'
import { loadKeySet } from '../../schema/key-set.ts'
import { logProgress } from '../demo/population/log-progress.ts'
import { publishPopulation } from '../demo/population/publish-population.ts'
import { publishPeople } from '../demo/publish-people.ts'
import { createFhirEndpoint } from '../publishing/fhir-endpoint.ts'
import { regionOf } from '../service/region-of.ts'
import { readSettings } from '../service/settings.ts'
import { createSqliteRecordStore } from '../store/sqlite-record-store.ts'
import { createLancashireSouthCumbriaService } from './service.ts'

/** The record store as a process: settings from the environment, one line when it listens, SIGTERM ends it in order. */
const region = regionOf('lancashire-south-cumbria', process.env.REGIONS)
const settings = readSettings(process.env, region)
mkdirSync(dirname(settings.databaseFile), { recursive: true, mode: 0o700 })
const store = createSqliteRecordStore({ region: region.code, file: settings.databaseFile })
const verifyToken = createTokenVerifier({ keys: loadKeySet(settings.tokenKeys), issuer: settings.tokenIssuer, audience: settings.tokenAudience })
const publish = createFhirEndpoint({ store, verifyToken })
const service = createLancashireSouthCumbriaService({ region, store, verifyToken, gatewayKeys: loadKeySet(settings.gatewayKeys), publish })
if (settings.demoPeople) await publishPeople({ store, region: 'lancashire-south-cumbria', now: new Date() })
if (settings.demoScale > 0)
  await publishPopulation({ store, region: 'lancashire-south-cumbria', scale: settings.demoScale, now: new Date(), onProgress: logProgress(region.applicationName) })
const listening = await service.listen({ port: settings.port, host: settings.host })
process.stdout.write(`${region.slug} listens at ${listening.url}\n`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    await listening.close()
    store.close()
    process.exit(0)
  })
}
