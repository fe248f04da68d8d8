import { z } from 'zod'

const file = z.string().min(1)

const settings = z.object({
  /** Where the gateway listens. */
  PORT: z.coerce.number().int().min(0).max(65_535).default(4000),
  HOST: z.string().default('127.0.0.1'),
  /** The list of regions, a JSON file; without it the default regions. */
  REGIONS: file.optional(),
  TOKEN_ISSUER: z.string().min(1),
  TOKEN_AUDIENCE: z.string().min(1),
  /** The issuer's JWK set: a file, or an https address. */
  TOKEN_KEYS: file,
  /** The gateway's private Ed25519 key, a JWK file. */
  GATEWAY_KEY: file,
  /** A file of at least 32 random bytes, the same for every gateway of one service. */
  GATEWAY_SECRET: file,
  /** The gateway's own address, for content urls; without it, as the viewer reached it. */
  PUBLIC_URL: z.url().optional(),
  /** The demo issuer's private key: GraphiQL opens with a token in place. Not in production. */
  DEMO_ISSUER_KEY: file.optional(),
  NODE_ENV: z.string().default('development'),
})

export type Configuration = z.infer<typeof settings>

/** The gateway's settings from the environment; throws naming each missing or unsafe one, what was expected and what was found. */
export function toConfiguration(environment: Readonly<Record<string, string | undefined>>): Configuration {
  const result = settings.safeParse(environment)
  if (!result.success) throw new Error(`Settings:\n${z.prettifyError(result.error)}`)
  if (result.data.NODE_ENV === 'production' && result.data.DEMO_ISSUER_KEY !== undefined) {
    throw new Error('Settings:\nDEMO_ISSUER_KEY: expected none in production, found one')
  }
  return result.data
}
