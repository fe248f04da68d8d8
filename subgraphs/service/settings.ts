import { join } from 'node:path'
import { z } from 'zod'
import type { RegionConfiguration } from '../../schema/regions.ts'

export interface ServiceSettings {
  readonly port: number
  readonly host: string
  /** The region's database. */
  readonly databaseFile: string
  /** `iss` and `aud` of the viewers' access tokens. */
  readonly tokenIssuer: string
  readonly tokenAudience: string
  /** JWK Set of the tokens' issuer: a file or a URL. */
  readonly tokenKeys: string
  /** JWK Set of the gateways that may ask: a file. */
  readonly gatewayKeys: string
  /** The demo's people are published at the start. Never in production. */
  readonly demoPeople: boolean
  /** How much of the programme's size the demo's population has; 0 is nobody. Always 0 in production. */
  readonly demoScale: number
}

/** A record store's settings out of environment variables; throws naming each that is wrong, what was expected and what found. */
export function readSettings(environment: Readonly<Record<string, string | undefined>>, region: RegionConfiguration): ServiceSettings {
  const text = (expected: string) => z.string({ error: `expected ${expected}` }).min(1, { error: `expected ${expected}` })
  const settings = z.object({
    PORT: z.coerce
      .number({ error: 'expected a port number' })
      .int()
      .min(0)
      .max(65_535)
      .default(Number(new URL(region.url).port)),
    HOST: text('an address to listen on').default('127.0.0.1'),
    DATA_DIR: text('a folder').default('.data'),
    TOKEN_ISSUER: text("the `iss` of viewers' access tokens"),
    TOKEN_AUDIENCE: text("the `aud` of viewers' access tokens"),
    TOKEN_KEYS: text("the file or URL of the token issuer's JWK Set"),
    GATEWAY_KEYS: text("the file of the gateways' JWK Set"),
    DEMO_PEOPLE: z
      .enum(environment.NODE_ENV === 'production' ? ['no'] : ['yes', 'no'], { error: environment.NODE_ENV === 'production' ? 'expected no in production' : 'expected yes or no' })
      .default('no'),
    DEMO_SCALE: z.coerce
      .number({ error: 'expected a number from 0 to 1' })
      .min(0)
      .max(environment.NODE_ENV === 'production' ? 0 : 1)
      .default(0),
  })
  const result = settings.safeParse(environment)
  if (!result.success) {
    const faults = result.error.issues.map(({ path, message }) => `  ${String(path[0])}: ${message}, found ${describe(environment[String(path[0])])}`)
    throw new Error(`Settings of the record store ${region.slug}:\n${faults.join('\n')}`)
  }
  const { PORT, HOST, DATA_DIR, TOKEN_ISSUER, TOKEN_AUDIENCE, TOKEN_KEYS, GATEWAY_KEYS, DEMO_PEOPLE, DEMO_SCALE } = result.data
  return {
    port: PORT,
    host: HOST,
    databaseFile: join(DATA_DIR, region.slug, 'records.sqlite'),
    tokenIssuer: TOKEN_ISSUER,
    tokenAudience: TOKEN_AUDIENCE,
    tokenKeys: TOKEN_KEYS,
    gatewayKeys: GATEWAY_KEYS,
    demoPeople: DEMO_PEOPLE === 'yes',
    demoScale: DEMO_SCALE,
  }
}

function describe(value: string | undefined): string {
  return value === undefined ? 'nothing' : JSON.stringify(value)
}
