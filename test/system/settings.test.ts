import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { loadConfiguration } from '../../gateway/configuration.ts'
import { ensureDemoKeys } from '../../gateway/demo/demo-keys.ts'
import { loadRegions } from '../../schema/regions.ts'
import { loadClaimTable } from '../../schema/token-claims/claim-table.ts'
import { loadSeedSettings } from '../../subgraphs/demo/seed-settings.ts'
import { loadStoreSettings } from '../../subgraphs/service/store-settings.ts'
import { type Environment, runProgram } from '../support/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'settings-'))
const keys = await ensureDemoKeys(folder)
const viewers = {
  NODE_ENV: 'development',
  DATA_DIR: folder,
  TOKEN_ISSUER: 'https://issuer.test',
  TOKEN_AUDIENCE: 'share2care',
  TOKEN_KEYS: keys.issuerKeySet,
}
const publicUrl = 'https://gateway.test'
const gateway = {
  ...viewers,
  GATEWAY_KEY: keys.gatewayKey,
  GATEWAY_SECRET: keys.secret,
  AUDIT_DIR: join(folder, 'audit'),
}
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
const bolton = file(
  'bolton.json',
  JSON.stringify(loadRegions().map((region, index) => ({ ...region, slug: index === 0 ? 'bolton' : region.slug }))),
)
const onlyOther = file('only-other.json', JSON.stringify(loadRegions().filter((region) => region.slug !== slug)))
const slow = file(
  'slow.json',
  JSON.stringify(loadRegions().map((region, index) => ({ ...region, timeMs: index === 0 ? 30_000 : region.timeMs }))),
)
const eager = file(
  'eager.json',
  JSON.stringify(loadRegions().map((region) => ({ ...region, resilience: { retries: 2 } }))),
)
const patient = file(
  'patient.json',
  JSON.stringify(
    loadRegions().map((region, index) => ({ ...region, resilience: index === 0 ? { failuresInRow: 50 } : undefined })),
  ),
)
/** A table of claims with some parts of CIS2's replaced. */
const claims = (name: string, change: object) => file(name, JSON.stringify({ ...loadClaimTable(), ...change }))
const practice = {
  odsCode: 'P81001',
  name: 'A practice',
  actsFor: [{ organisation: 'P81002', reason: 'Merged on 1 April 2026.' }],
}
const publishersOf = (list: Readonly<Record<string, readonly object[]>>) => JSON.stringify(list)
const office = {
  odsCode: 'QE1',
  name: 'The office',
  actsFor: [{ organisation: '*', reason: 'Its people keep the store.' }],
}
const noOffice = file('no-office.json', publishersOf({ LANCASHIRE_SOUTH_CUMBRIA: [{ odsCode: 'RXN', name: 'A' }] }))
const shortSecret = file('short-secret', randomBytes(31))

/** The one line that a program says, when it ends with 1. */
async function refusal(program: string, environment: Environment, args: readonly string[] = []): Promise<string> {
  await using running = runProgram(program, args, environment)
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
    [
      { REGIONS: bolton },
      `REGIONS: expected a list of regions, as schema/regions.json, each slug with its schema/SLUG.graphql or a path in sdl, found "bolton" in ${bolton}`,
    ],
    [{ DEMO_SCALE: 'abc' }, 'DEMO_SCALE: expected a number from 0 to 1, found "abc"'],
    [
      { DATA_DIR: noJson },
      `DATA_DIR: expected a folder that can be written, found a file in the place of the folder ${noJson}`,
    ],
    [{ HOST: '192.0.2.1' }, 'HOST: expected an address of this machine, found "192.0.2.1"'],
    [
      { NODE_ENV: 'production' },
      'NODE_ENV: expected not production, where the demo does not exist: start the services by `npm run gateway` and `npm run store:...`, found "production"',
    ],
    [
      { PORT: 'abc', DEMO_SCALE: '2' },
      'PORT: expected a port from 1 to 65535, found "abc"\nDEMO_SCALE: expected a number from 0 to 1, found "2"',
    ],
  ])('%o: %s', async (environment, line) => {
    expect(await refusal('gateway/demo/start.ts', { DATA_DIR: folder, ...environment })).toBe(line)
  })

  test('--scale likewise', async () => {
    await using running = runProgram('gateway/demo/start.ts', ['--scale', 'much'], { DATA_DIR: folder })
    expect(await running.ended).toBe(1)
    expect(running.err()).toBe('DEMO_SCALE: expected a number from 0 to 1, found "much"\n')
  })
})

describe.concurrent("a wrong setting stops the gateway's process by name", () => {
  test.each<[Environment, string]>([
    [{ PORT: 'abc' }, 'PORT: expected a port from 0 to 65535, found "abc"'],
    [{ REGIONS: '/nope' }, 'REGIONS: expected a list of regions, as schema/regions.json, found no file /nope'],
    [
      { REGIONS: slow },
      'REQUEST_DEADLINE_MS: expected more than the time of every region, 30000 ms of CHESHIRE_MERSEYSIDE, found 3000',
    ],
    [{ TOKEN_KEYS: '/nope' }, 'TOKEN_KEYS: expected a JWK Set with public keys (RFC 7517), found no file /nope'],
    [{ TOKEN_KEYS: noKeys }, `TOKEN_KEYS: expected a JWK Set with public keys (RFC 7517), found no keys in ${noKeys}`],
    [
      { GATEWAY_SECRET: shortSecret },
      `GATEWAY_SECRET: expected a file of at least 32 random bytes, found 31 in ${shortSecret}`,
    ],
    [
      { NODE_ENV: 'production', PUBLIC_URL: publicUrl, TOKEN_KEYS: 'http://issuer.test/jwks' },
      'TOKEN_KEYS: expected a file or an https address of a JWK Set with public keys, found "http://issuer.test/jwks"',
    ],
    [
      { NODE_ENV: 'production', PUBLIC_URL: publicUrl, DEMO_ISSUER_KEY: keys.issuerKey, TOKEN_ISSUER: '' },
      `TOKEN_ISSUER: expected the \`iss\` of viewers' access tokens, found ""\nDEMO_ISSUER_KEY: expected none in production, found ${JSON.stringify(keys.issuerKey)}`,
    ],
  ])('%o: %s', async (environment, line) => {
    expect(await refusal('gateway/main.ts', { ...gateway, ...environment })).toBe(line)
  })

  test('what a region list leaves out of how failing regions are treated has defaults', () => {
    const resilience = { retries: 1, pauseMs: 25, failuresInRow: 5, suspendMs: 5000, longestRetryAfterMs: 60_000 }
    expect(loadRegions().map((region) => region.resilience)).toEqual([resilience, resilience])
    expect(loadRegions(patient).map((region) => region.resilience)).toEqual([
      { ...resilience, failuresInRow: 50 },
      resilience,
    ])
  })

  const load = (environment: Readonly<Record<string, string | undefined>>) =>
    loadConfiguration({ ...gateway, ...environment })
  test('or of another form', async () => {
    await expect(load({ GATEWAY_KEY: keys.gatewayKeySet })).rejects.toThrow(
      /^GATEWAY_KEY: expected an Ed25519 private key with a kid, as a JWK \(RFC 8037\), found another kty in /,
    )
    await expect(load({ PUBLIC_URL: 'ftp://gateway.test' })).rejects.toThrow(
      'PUBLIC_URL: expected the gateway\'s own http or https address, found "ftp://gateway.test"',
    )
    await expect(load({ TOKEN_KEYS: 'http://issuer.test/jwks' })).resolves.toMatchObject({
      port: 4000,
      host: '127.0.0.1',
      publicUrl: null,
      demoIssuerKey: null,
    })
    await expect(load({ REQUEST_DEADLINE_MS: '2500' })).rejects.toThrow(
      'REQUEST_DEADLINE_MS: expected more than the time of every region, 2500 ms of CHESHIRE_MERSEYSIDE, found 2500',
    )
    await expect(load({ REGIONS: slow, REQUEST_DEADLINE_MS: '40000' })).resolves.toMatchObject({ deadlineMs: 40_000 })
    await expect(load({ REGIONS: eager })).rejects.toThrow(
      /^REGIONS: expected a list of regions, as schema\/regions.json, found .*resilience\.retries/s,
    )
    await expect(
      load({ NODE_ENV: 'production', PUBLIC_URL: publicUrl, TOKEN_KEYS: 'https://issuer.test/jwks' }),
    ).resolves.toMatchObject({
      tokens: { issuer: 'https://issuer.test' },
    })
  })

  test.each<[Environment, string]>([
    [
      { TOKEN_TYPES: 'at+jwt,ID' },
      'TOKEN_TYPES: expected at+jwt, JWT, or both with a comma between them, found "at+jwt,ID"',
    ],
    [{ TOKEN_TYPES: '' }, 'TOKEN_TYPES: expected at+jwt, JWT, or both with a comma between them, found ""'],
    [
      { TOKEN_CLAIMS: '/nope' },
      'TOKEN_CLAIMS: expected a table of claims, as schema/token-claims/cis2.json, found no file /nope',
    ],
    [
      { TOKEN_CLAIMS: claims('no-pointer.json', { person: { id: { claims: ['sub'] } } }) },
      'TOKEN_CLAIMS: expected a table of claims, as schema/token-claims/cis2.json, with person.id.claims.0: a JSON Pointer (RFC 6901), as /realm_access/roles, found "sub" in ',
    ],
    [
      { TOKEN_CLAIMS: claims('no-id.json', { person: {} }) },
      'cis2.json, with person.id: Invalid input: expected object, received undefined, found nothing in ',
    ],
    [
      {
        TOKEN_CLAIMS: claims('other-scope.json', {
          scopes: { claims: ['/scope'], values: { nationalrbacaccess: ['records'] } },
        }),
      },
      'cis2.json, with scopes.values.nationalrbacaccess.0: one of record, reports, operations, publish, found "records" in ',
    ],
    [
      {
        TOKEN_CLAIMS: claims('no-organisation.json', {
          organisation: { code: { claims: ['/o'], values: { liverpool: 'R E M' } } },
        }),
      },
      'cis2.json, with organisation.code.values.liverpool: an ODS code, found "R E M" in ',
    ],
    [
      { TOKEN_CLAIMS: claims('more.json', { roles: {} }) },
      'cis2.json, with its parts: Unrecognized key: "roles", found ',
    ],
    [{ INTROSPECTION: 'yes' }, 'INTROSPECTION: expected on or off, found "yes"'],
    [{ OPERATIONS_PER_MINUTE: '0' }, 'OPERATIONS_PER_MINUTE: expected a number of operations, from 1, found "0"'],
    [{ MAX_IN_FLIGHT: 'many' }, 'MAX_IN_FLIGHT: expected a number of operations at a time, from 1, found "many"'],
    [
      { MAX_IN_FLIGHT_PER_PERSON: '0' },
      'MAX_IN_FLIGHT_PER_PERSON: expected a number of operations at a time, from 1, found "0"',
    ],
    [{ LOG_LEVEL: 'silent' }, 'LOG_LEVEL: expected info, warn or error, found "silent"'],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' },
      `OTEL_EXPORTER_OTLP_ENDPOINT: expected the http or https address of an OpenTelemetry collector's OTLP over HTTP, found "collector:4318"`,
    ],
    [{ OTEL_TRACES_SAMPLER_ARG: '2' }, 'OTEL_TRACES_SAMPLER_ARG: expected a number from 0 to 1, found "2"'],
    [{ SLOW_MS: '1s' }, 'SLOW_MS: expected a number of milliseconds, found "1s"'],
    [
      { CORS_ORIGINS: 'https://a.example,https://b.example/' },
      'CORS_ORIGINS: expected origins, as https://viewer.nhs.uk, with commas between them, found "https://b.example/"',
    ],
    [
      { AUDIT_WRITER: 'register' },
      'AUDIT_WRITER: expected a name of up to 40 of a to z, 0 to 9 and -, not register or retention, found "register"',
    ],
    [
      { AUDIT_WRITER: 'x'.repeat(41) },
      'AUDIT_WRITER: expected a name of up to 40 of a to z, 0 to 9 and -, not register or retention, found',
    ],
    [
      { AUDIT_WITNESS: 'http://witness.test' },
      'AUDIT_WITNESS: expected a file outside of AUDIT_DIR, or an http or https address, https unless it is on this machine, found "http://witness.test"',
    ],
    [{ AUDIT_WITNESS: join(folder, 'audit', 'heads') }, 'AUDIT_WITNESS: expected a file outside of AUDIT_DIR'],
    [
      { CORS_ORIGINS: '*' },
      'CORS_ORIGINS: expected origins, as https://viewer.nhs.uk, with commas between them, found "*"',
    ],
  ])('limits are checked, too (%o)', async (environment, line) => {
    await expect(load(environment)).rejects.toThrow(line)
  })

  test.each([[undefined], [''], ['production'], ['prod'], ['Development']])(
    'NODE_ENV %j is production',
    async (mode) => {
      expect(await load({ NODE_ENV: mode, PUBLIC_URL: publicUrl })).toMatchObject({ introspection: 'off' })
      await expect(load({ NODE_ENV: mode })).rejects.toThrow(
        "PUBLIC_URL: expected the gateway's own http or https address, found nothing",
      )
      await expect(loadSeedSettings({ NODE_ENV: mode, DEMO_PEOPLE: 'yes' })).rejects.toThrow(
        'DEMO_PEOPLE: expected no in production',
      )
    },
  )

  test.each([['http://127.0.0.1:4000'], ['http://localhost'], ['http://[::1]:4000'], ['https://gateway.test/']])(
    'PUBLIC_URL %s is safe in production',
    async (url) => {
      expect(await load({ NODE_ENV: 'production', PUBLIC_URL: url })).toMatchObject({
        publicUrl: url.replace(/\/$/, ''),
      })
    },
  )

  test.each([
    ['http://127.0.0.1.example.com'],
    ['http://localhost.example.com'],
    ['http://10.0.0.1'],
    ['http://0.0.0.0'],
  ])('PUBLIC_URL %s is not', async (url) => {
    await expect(load({ NODE_ENV: 'production', PUBLIC_URL: url })).rejects.toThrow(
      /^PUBLIC_URL: expected .*https unless it is on this machine, found /,
    )
  })

  test('the schema is told outside production, and in it where that is set; other sites are let in where they are listed', async () => {
    expect(await load({})).toMatchObject({
      introspection: 'on',
      corsOrigins: [],
      operationsPerMinute: 600,
      maxInFlight: 256,
      maxInFlightPerPerson: 24,
    })
    expect(await load({ NODE_ENV: 'production', PUBLIC_URL: publicUrl })).toMatchObject({ introspection: 'off' })
    expect(await load({ NODE_ENV: 'production', PUBLIC_URL: publicUrl, INTROSPECTION: 'on' })).toMatchObject({
      introspection: 'on',
    })
    expect(await load({ CORS_ORIGINS: 'https://a.example,http://localhost:3000' })).toMatchObject({
      corsOrigins: ['https://a.example', 'http://localhost:3000'],
    })
  })
})

describe.concurrent("a wrong setting stops a store's process by name", () => {
  test.each<[Environment, string]>([
    [{ PORT: '99999' }, 'PORT: expected a port from 0 to 65535, found "99999"'],
    [
      { REGIONS: onlyOther },
      'REGIONS: expected a list of regions with the slug lancashire-south-cumbria, found cheshire-merseyside',
    ],
    [
      { PUBLISHERS: '/nope' },
      'PUBLISHERS: expected a list of publishers, as schema/publishers.json, found no file /nope',
    ],
    [
      { PUBLISHERS: noOffice },
      `PUBLISHERS: expected a list of publishers, as schema/publishers.json, with QE1, the office of Lancashire & South Cumbria, acting for "*", found QE1 not listed in ${noOffice}`,
    ],
    [
      { GATEWAY_KEYS: noSet },
      `GATEWAY_KEYS: expected a JWK Set with public keys (RFC 7517), found no keys in ${noSet}`,
    ],
    [
      { NODE_ENV: 'production', TOKEN_KEYS: 'http://issuer.test/jwks' },
      'TOKEN_KEYS: expected a file or an https address of a JWK Set with public keys, found "http://issuer.test/jwks"',
    ],
  ])('%o: %s', async (environment, line) => {
    expect(await refusal('subgraphs/main.ts', { ...store, ...environment }, [slug])).toBe(line)
  })

  test.each<[Environment, string]>([
    [{ DEMO_SCALE: 'abc' }, 'DEMO_SCALE: expected a number from 0 to 1, found "abc"'],
    [
      { NODE_ENV: 'production', DEMO_PEOPLE: 'yes', DEMO_SCALE: '0.01' },
      'DEMO_PEOPLE: expected no in production, found "yes"\nDEMO_SCALE: expected 0 in production, found "0.01"',
    ],
  ])("stops a demo store's process before it opens a database: %o: %s", async (environment, line) => {
    expect(await refusal('subgraphs/demo/main.ts', { ...store, ...environment }, [slug])).toBe(line)
  })

  test.each([[[]], [['../elsewhere']], [[slug, 'more']]])('a command line without one slug, too: %j', async (args) => {
    await using running = runProgram('subgraphs/main.ts', args, store)
    expect(await running.ended).toBe(2)
    expect(running.err()).toMatch(/^SLUG: expected a region's slug, found .+\n\nUsage: /)
  })

  test('a private key among the keys to verify with, too', async () => {
    const leaked = file('leaked.json', JSON.stringify({ keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AA', d: 'AA' }] }))
    await expect(loadStoreSettings({ ...store, GATEWAY_KEYS: leaked }, slug)).rejects.toThrow(
      `found a private key in ${leaked}`,
    )
  })

  test('which access tokens it accepts is set as for the gateway', async () => {
    const keycloak = fileURLToPath(new URL('../../schema/token-claims/keycloak.json', import.meta.url))
    const tokens = {
      issuer: 'https://issuer.test',
      audience: 'share2care',
      types: ['at+jwt'],
      claims: loadClaimTable(),
    }
    expect([(await loadStoreSettings(store, slug)).tokens, (await loadConfiguration(gateway)).tokens]).toMatchObject([
      tokens,
      tokens,
    ])
    const others = { TOKEN_TYPES: 'JWT, at+jwt', TOKEN_CLAIMS: keycloak }
    const set = { types: ['JWT', 'at+jwt'], claims: loadClaimTable(keycloak) }
    expect([
      (await loadStoreSettings({ ...store, ...others }, slug)).tokens,
      (await loadConfiguration({ ...gateway, ...others })).tokens,
    ]).toMatchObject([set, set])
  })

  test('the others come from the list of regions and have defaults', async () => {
    const databaseFile = join(folder, slug, 'records.sqlite')
    expect(await loadStoreSettings(store, slug)).toMatchObject({
      port: 4102,
      host: '127.0.0.1',
      databaseFile,
    })
    expect(await loadSeedSettings({ NODE_ENV: 'development' })).toEqual({ people: false, scale: 0 })
    const demo = { NODE_ENV: 'development', DEMO_PEOPLE: 'yes', DEMO_SCALE: '0.5' }
    expect(await loadSeedSettings(demo)).toEqual({ people: true, scale: 0.5 })
  })
})

describe('a list of publishers', () => {
  const load = (list: string) => loadStoreSettings({ ...store, PUBLISHERS: list }, slug)

  test('says who acts for whom in the region', async () => {
    const { publishers } = await load(
      file('publishers.json', publishersOf({ LANCASHIRE_SOUTH_CUMBRIA: [office, practice] })),
    )
    expect([
      publishers.office.actsFor,
      publishers.find('P81001')?.actsFor,
      publishers.find('RXN'),
      publishers.findRegions('RXN'),
    ]).toEqual(['all', ['P81002'], null, []])
  })

  test.each<[string, string | RegExp]>([
    [
      JSON.stringify({ CHESHIRE_MERSEYSIDE: [office] }),
      'with the region LANCASHIRE_SOUTH_CUMBRIA, found CHESHIRE_MERSEYSIDE in',
    ],
    [
      publishersOf({ LANCASHIRE_SOUTH_CUMBRIA: [office, practice, practice] }),
      'each organisation once in a region, found P81001 twice in LANCASHIRE_SOUTH_CUMBRIA in',
    ],
    [
      publishersOf({ LANCASHIRE_SOUTH_CUMBRIA: [office, { ...office, odsCode: 'RXN' }] }),
      'with nobody but QE1 acting for "*" in LANCASHIRE_SOUTH_CUMBRIA, found RXN in',
    ],
    [
      publishersOf({ LANCASHIRE_SOUTH_CUMBRIA: [{ ...office, actsFor: [] }] }),
      'acting for "*", found QE1 without that in',
    ],
    [
      publishersOf({ LANCASHIRE_SOUTH_CUMBRIA: [office, { ...practice, actsFor: [{ organisation: 'P81002' }] }] }),
      /actsFor\[0\]\.reason/,
    ],
    [
      publishersOf({ LANCASHIRE_SOUTH_CUMBRIA: [office, { ...practice, odsCode: 'p81001' }] }),
      /expected an ODS code in capitals/,
    ],
  ])('%s: is refused by name', async (list, words) => {
    await expect(load(file('wrong-publishers.json', list))).rejects.toThrow(
      /^PUBLISHERS: expected a list of publishers, as schema\/publishers.json/,
    )
    await expect(load(file('wrong-publishers.json', list))).rejects.toThrow(words)
  })
})
