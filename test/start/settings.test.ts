import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadConfiguration } from '../../gateway/configuration.ts'
import { ensureDemoKeys } from '../../gateway/demo/demo-keys.ts'
import { loadRegions } from '../../schema/regions.ts'
import { loadStoreSettings } from '../../subgraphs/service/settings.ts'
import { type Environment, run } from './support/run.ts'

const folder = mkdtempSync(join(tmpdir(), 'settings-'))
const keys = await ensureDemoKeys(folder)
const viewers = { DATA_DIR: folder, TOKEN_ISSUER: 'https://issuer.test', TOKEN_AUDIENCE: 'share2care', TOKEN_KEYS: keys.issuerKeySet }
const gateway = { ...viewers, GATEWAY_KEY: keys.gatewayKey, GATEWAY_SECRET: keys.secret, AUDIT_DIR: join(folder, 'audit') }
const store = { ...viewers, GATEWAY_KEYS: keys.gatewayKeySet }
const slug = 'lancashire-south-cumbria'
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function file(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

const noJson = file('no.json', 'regions: none')
const noKeys = file('no-keys.json', '{"keys":[]}')
const noSet = file('no-set.json', '{}')
const bolton = file('bolton.json', JSON.stringify(loadRegions().map((region, index) => ({ ...region, slug: index === 0 ? 'bolton' : region.slug }))))
const onlyOther = file('only-other.json', JSON.stringify(loadRegions().filter((region) => region.slug !== slug)))
const slow = file('slow.json', JSON.stringify(loadRegions().map((region, index) => ({ ...region, timeMs: index === 0 ? 30_000 : region.timeMs }))))
const eager = file('eager.json', JSON.stringify(loadRegions().map((region) => ({ ...region, resilience: { retries: 2 } }))))
const patient = file('patient.json', JSON.stringify(loadRegions().map((region, index) => ({ ...region, resilience: index === 0 ? { failuresInRow: 50 } : undefined }))))
const shortSecret = file('short-secret', randomBytes(31))

/** The one line that a program says, when it ends with 1. */
async function refusal(program: string, environment: Environment): Promise<string> {
  await using running = run(program, [], environment)
  expect(await running.ended).toBe(1)
  expect(running.out()).toBe('')
  expect(running.err()).not.toMatch(/^\s+at /m)
  return running.err().trimEnd()
}

describe.concurrent('a wrong setting stops npm start by name, before anything is started', () => {
  test.each<[Environment, string]>([
    [{ PORT: 'abc' }, 'PORT: expected a port from 1 to 65535, found "abc"'],
    [{ PORT: '99999' }, 'PORT: expected a port from 1 to 65535, found "99999"'],
    [{ PORT: '' }, 'PORT: expected a port from 1 to 65535, found ""'],
    [{ REGIONS: '/nope' }, 'REGIONS: expected a list of regions, as schema/regions.json, found no file /nope'],
    [{ REGIONS: noJson }, `REGIONS: expected a list of regions, as schema/regions.json, found no JSON in ${noJson}`],
    [{ REGIONS: bolton }, `REGIONS: expected a list of regions, as schema/regions.json, each slug with its schema/SLUG.graphql, found "bolton" in ${bolton}`],
    [{ DEMO_SCALE: 'abc' }, 'DEMO_SCALE: expected a number from 0 to 1, found "abc"'],
    [{ DATA_DIR: noJson }, `DATA_DIR: expected a folder that can be written, found a file in the place of the folder ${noJson}`],
    [{ HOST: '192.0.2.1' }, 'HOST: expected an address of this machine, found "192.0.2.1"'],
    [{ NODE_ENV: 'production' }, 'NODE_ENV: expected not production, where the demo does not exist: start gateway/main.ts and the stores by themselves, found "production"'],
    [{ PORT: 'abc', DEMO_SCALE: '2' }, 'PORT: expected a port from 1 to 65535, found "abc"\nDEMO_SCALE: expected a number from 0 to 1, found "2"'],
  ])('%o: %s', async (environment, line) => {
    expect(await refusal('gateway/demo/start.ts', { DATA_DIR: folder, ...environment })).toBe(line)
  })

  test('--scale likewise', async () => {
    await using running = run('gateway/demo/start.ts', ['--scale', 'much'], { DATA_DIR: folder })
    expect(await running.ended).toBe(1)
    expect(running.err()).toBe('DEMO_SCALE: expected a number from 0 to 1, found "much"\n')
  })
})

describe.concurrent("a wrong setting stops the gateway's process by name", () => {
  test.each<[Environment, string]>([
    [{ PORT: 'abc' }, 'PORT: expected a port from 0 to 65535, found "abc"'],
    [{ REGIONS: '/nope' }, 'REGIONS: expected a list of regions, as schema/regions.json, found no file /nope'],
    [{ REGIONS: slow }, 'REQUEST_DEADLINE_MS: expected more than the time of every region, 30000 ms of CHESHIRE_MERSEYSIDE, found 3000'],
    [{ TOKEN_KEYS: '/nope' }, 'TOKEN_KEYS: expected a JWK Set with public keys (RFC 7517), found no file /nope'],
    [{ TOKEN_KEYS: noKeys }, `TOKEN_KEYS: expected a JWK Set with public keys (RFC 7517), found no keys in ${noKeys}`],
    [{ GATEWAY_SECRET: shortSecret }, `GATEWAY_SECRET: expected a file of at least 32 random bytes, found 31 in ${shortSecret}`],
    [
      { NODE_ENV: 'production', TOKEN_KEYS: 'http://issuer.test/jwks' },
      'TOKEN_KEYS: expected a file or an https address of a JWK Set with public keys, found "http://issuer.test/jwks"',
    ],
    [
      { NODE_ENV: 'production', DEMO_ISSUER_KEY: keys.issuerKey, TOKEN_ISSUER: '' },
      `TOKEN_ISSUER: expected the \`iss\` of viewers' access tokens, found ""\nDEMO_ISSUER_KEY: expected none in production, found ${JSON.stringify(keys.issuerKey)}`,
    ],
  ])('%o: %s', async (environment, line) => {
    expect(await refusal('gateway/main.ts', { ...gateway, ...environment })).toBe(line)
  })

  test('what a region list leaves out of how failing regions are treated has defaults', () => {
    const resilience = { retries: 1, pauseMs: 25, failuresInRow: 5, suspendMs: 5000, longestRetryAfterMs: 60_000 }
    expect(loadRegions().map((region) => region.resilience)).toEqual([resilience, resilience])
    expect(loadRegions(patient).map((region) => region.resilience)).toEqual([{ ...resilience, failuresInRow: 50 }, resilience])
  })

  const load = (environment: Environment) => loadConfiguration({ ...gateway, ...environment })
  test('or of another form', async () => {
    await expect(load({ GATEWAY_KEY: keys.gatewayKeySet })).rejects.toThrow(
      /^GATEWAY_KEY: expected an Ed25519 private key with a kid, as a JWK \(RFC 8037\), found another kty in /,
    )
    await expect(load({ PUBLIC_URL: 'ftp://gateway.test' })).rejects.toThrow('PUBLIC_URL: expected the gateway\'s own http or https address, found "ftp://gateway.test"')
    await expect(load({ TOKEN_KEYS: 'http://issuer.test/jwks' })).resolves.toMatchObject({ port: 4000, host: '127.0.0.1', publicUrl: null, demoIssuerKey: null })
    await expect(load({ REQUEST_DEADLINE_MS: '2500' })).rejects.toThrow(
      'REQUEST_DEADLINE_MS: expected more than the time of every region, 2500 ms of CHESHIRE_MERSEYSIDE, found 2500',
    )
    await expect(load({ REGIONS: slow, REQUEST_DEADLINE_MS: '40000' })).resolves.toMatchObject({ deadlineMs: 40_000 })
    await expect(load({ REGIONS: eager })).rejects.toThrow(/^REGIONS: expected a list of regions, as schema\/regions.json, found .*resilience\.retries/s)
    await expect(load({ NODE_ENV: 'production', TOKEN_KEYS: 'https://issuer.test/jwks' })).resolves.toMatchObject({ tokenIssuer: 'https://issuer.test' })
  })

  test.each<[Environment, string]>([
    [{ INTROSPECTION: 'yes' }, 'INTROSPECTION: expected on or off, found "yes"'],
    [{ OPERATIONS_PER_MINUTE: '0' }, 'OPERATIONS_PER_MINUTE: expected a number of operations, from 1, found "0"'],
    [{ MAX_IN_FLIGHT: 'many' }, 'MAX_IN_FLIGHT: expected a number of operations at a time, from 1, found "many"'],
    [{ LOG_LEVEL: 'silent' }, 'LOG_LEVEL: expected info, warn or error, found "silent"'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      `OTEL_EXPORTER_OTLP_ENDPOINT: expected the http or https address of an OpenTelemetry collector's OTLP over HTTP, found "collector:4318"`,
    ],
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, found "2"'],
    [{ SLOW_MS: '1s' }, 'SLOW_MS: expected a number of milliseconds, found "1s"'],
    [{ CORS_ORIGINS: 'https://a.example,https://b.example/' }, 'CORS_ORIGINS: expected origins, as https://viewer.nhs.uk, with commas between them, found "https://b.example/"'],
    [{ AUDIT_WRITER: 'register' }, 'AUDIT_WRITER: expected a name of up to 40 of a to z, 0 to 9 and -, not register or retention, found "register"'],
    [{ AUDIT_WRITER: 'x'.repeat(41) }, 'AUDIT_WRITER: expected a name of up to 40 of a to z, 0 to 9 and -, not register or retention, found'],
    [{ AUDIT_WITNESS: 'http://witness.test' }, 'AUDIT_WITNESS: expected a file outside of AUDIT_DIR, or an https address (http on this machine only), found "http://witness.test"'],
    [{ AUDIT_WITNESS: join(folder, 'audit', 'heads') }, 'AUDIT_WITNESS: expected a file outside of AUDIT_DIR'],
    [{ CORS_ORIGINS: '*' }, 'CORS_ORIGINS: expected origins, as https://viewer.nhs.uk, with commas between them, found "*"'],
  ])('limits are checked, too (%o)', async (environment, line) => {
    await expect(load(environment)).rejects.toThrow(line)
  })

  test('the schema is told outside production, and in it where that is set; other sites are let in where they are listed', async () => {
    expect(await load({})).toMatchObject({ introspection: 'on', corsOrigins: [], operationsPerMinute: 600, maxInFlight: 256 })
    expect(await load({ NODE_ENV: 'production' })).toMatchObject({ introspection: 'off' })
    expect(await load({ NODE_ENV: 'production', INTROSPECTION: 'on' })).toMatchObject({ introspection: 'on' })
    expect(await load({ CORS_ORIGINS: 'https://a.example,http://localhost:3000' })).toMatchObject({ corsOrigins: ['https://a.example', 'http://localhost:3000'] })
  })
})

describe.concurrent("a wrong setting stops a store's process by name", () => {
  test.each<[Environment, string]>([
    [{ PORT: '99999' }, 'PORT: expected a port from 0 to 65535, found "99999"'],
    [{ REGIONS: onlyOther }, 'REGIONS: expected a list of regions with the slug lancashire-south-cumbria, found cheshire-merseyside'],
    [{ GATEWAY_KEYS: noSet }, `GATEWAY_KEYS: expected a JWK Set with public keys (RFC 7517), found no keys in ${noSet}`],
    [{ DEMO_SCALE: 'abc' }, 'DEMO_SCALE: expected a number from 0 to 1, found "abc"'],
    [
      { NODE_ENV: 'production', DEMO_PEOPLE: 'yes', DEMO_SCALE: '0.01', TOKEN_KEYS: 'http://issuer.test/jwks' },
      'TOKEN_KEYS: expected a file or an https address of a JWK Set with public keys, found "http://issuer.test/jwks"\n' +
        'DEMO_PEOPLE: expected no in production, found "yes"\nDEMO_SCALE: expected 0 in production, found "0.01"',
    ],
  ])('%o: %s', async (environment, line) => {
    expect(await refusal(`subgraphs/${slug}/main.ts`, { ...store, ...environment })).toBe(line)
  })

  test('a private key among the keys to verify with, too', async () => {
    const leaked = file('leaked.json', JSON.stringify({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'AA' }] }))
    await expect(loadStoreSettings({ ...store, GATEWAY_KEYS: leaked }, slug)).rejects.toThrow(`found a private key in ${leaked}`)
  })

  test('the others come from the list of regions and have defaults', async () => {
    const databaseFile = join(folder, slug, 'records.sqlite')
    expect(await loadStoreSettings(store, slug)).toMatchObject({ port: 4102, host: '127.0.0.1', databaseFile, demoPeople: false, demoScale: 0 })
    expect(await loadStoreSettings({ ...store, DEMO_PEOPLE: 'yes', DEMO_SCALE: '0.5' }, slug)).toMatchObject({ demoPeople: true, demoScale: 0.5 })
  })
})
