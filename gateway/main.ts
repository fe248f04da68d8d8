import { readFileSync } from 'node:fs'
import { createTokenVerifier } from '../schema/access-token.ts'
import { loadKeySet } from '../schema/key-set.ts'
import { loadRegions } from '../schema/regions.ts'
import { toConfiguration } from './configuration.ts'
import { loadPrivateKey } from './demo/demo-keys.ts'
import { mintToken } from './demo/mint-token.ts'
import { createGateway } from './gateway.ts'

/** The gateway as a process: settings from the environment, one line when it listens, SIGTERM ends it in order. */
const configuration = toConfiguration(process.env)
const demoIssuer = configuration.DEMO_ISSUER_KEY === undefined ? null : await loadPrivateKey(configuration.DEMO_ISSUER_KEY)
const gateway = createGateway({
  regions: loadRegions(configuration.REGIONS),
  verifyToken: createTokenVerifier({ keys: loadKeySet(configuration.TOKEN_KEYS), issuer: configuration.TOKEN_ISSUER, audience: configuration.TOKEN_AUDIENCE }),
  assertionKey: await loadPrivateKey(configuration.GATEWAY_KEY),
  secret: readFileSync(configuration.GATEWAY_SECRET),
  publicUrl: configuration.PUBLIC_URL,
  ...(demoIssuer
    ? { graphiql: { mintToken: () => mintToken(demoIssuer), exampleVariables: { nhsNumber: '9990000018', nhsNumbers: ['9990000018', '9990000026'], first: 10 } } }
    : {}),
})
const { url } = await gateway.listen({ port: configuration.PORT, host: configuration.HOST })
process.stdout.write(`gateway listens at ${url}\n`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    await gateway.close()
    process.exit(0)
  })
}
