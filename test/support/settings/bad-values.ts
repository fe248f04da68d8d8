import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadTestRegions } from '../test-regions.ts'

/** Texts that a setting refuses. */
export type BadValues = Readonly<Record<string, readonly string[]>>

/** Files and folders that are not what a setting wants, in a folder of the test's. */
export function makeWrongFiles(folder: string) {
  const file = (name: string, content: string | Uint8Array) => {
    writeFileSync(join(folder, name), content)
    return join(folder, name)
  }
  const full = join(folder, 'full')
  mkdirSync(full)
  file('full/passwd', '')
  chmodSync(full, 0o755)
  const regions = loadTestRegions()
  return {
    missing: join(folder, 'missing'),
    directory: folder,
    empty: file('empty', ''),
    brokenJson: file('broken.json', '{"keys":['),
    wrongJson: file('wrong.json', '{"other":true}'),
    short: file('short', randomBytes(31)),
    /** Open to others, with other things in it. */
    full,
    /** Regions whose addresses would let tokens go in clear, or are none. */
    clearRegions: file(
      'clear.json',
      JSON.stringify(regions.map((region) => ({ ...region, url: 'http://store.example.nhs.uk' }))),
    ),
    credentialRegions: file(
      'credentials.json',
      JSON.stringify(regions.map((region) => ({ ...region, url: 'https://user:word@store.example.nhs.uk' }))),
    ),
  }
}

/**
 * Per setting of the three processes, what nobody may set it to in production. An empty list: every text has a meaning.
 */
export function badValues(wrong: ReturnType<typeof makeWrongFiles>): BadValues {
  const files = [wrong.missing, wrong.directory, wrong.empty, wrong.brokenJson, wrong.wrongJson, '']
  const numbers = ['', ' ', 'abc', '-1', '0x10', '1e3', '1.5', '9'.repeat(400)]
  const addresses = [
    '',
    ' ',
    'gateway',
    'ftp://gateway.test',
    'http://gateway.example.nhs.uk',
    'https://',
    'https://user:word@gateway.test',
    'https://gateway.test?a',
    'https:gateway',
  ]
  const folders = ['', ' ', wrong.empty, wrong.full, '/proc', '/proc/share2care', '/dev/null/audit']
  return {
    NODE_ENV: [],
    PORT: [...numbers, '65536'],
    HOST: ['', ' '],
    REGIONS: [...files, wrong.clearRegions, wrong.credentialRegions],
    TOKEN_ISSUER: ['', ' '],
    TOKEN_AUDIENCE: ['', ' '],
    TOKEN_KEYS: [...files, 'http://issuer.test/jwks', 'https://'],
    TOKEN_TYPES: ['', ' ', 'jws', 'at+jwt,', 'at+jwt;JWT'],
    TOKEN_CLAIMS: files,
    PUBLISHERS: files,
    GATEWAY_KEY: files,
    GATEWAY_KEYS: [...files, 'http://issuer.test/jwks'],
    GATEWAY_SECRET: [
      wrong.missing,
      wrong.directory,
      wrong.empty,
      wrong.short,
      '',
      ',',
      `${wrong.short},${wrong.short}`,
    ],
    AUDIT_DIR: folders,
    DATA_DIR: folders,
    AUDIT_WRITER: ['', ' ', 'Gateway', '-gateway', '../gateway', 'retention', 'register', 'a'.repeat(41)],
    AUDIT_WITNESS: [...addresses.filter((one) => one !== 'gateway'), wrong.directory],
    PUBLIC_URL: addresses,
    OTEL_EXPORTER_OTLP_ENDPOINT: addresses,
    TRUSTED_PROXIES: [
      '',
      ' ',
      'proxy',
      '10.0.0.0/33',
      '10.0.0.0/',
      '10.0.0/8',
      '::1/129',
      '127.0.0.1,,10.0.0.1',
      '10.0.0.0/8/8',
    ],
    OPERATIONS: ['', 'some'],
    CACHE_MEGABYTES: [...numbers, '65537'],
    REQUEST_DEADLINE_MS: [...numbers, '99', '120001'],
    INTROSPECTION: ['', 'yes'],
    CORS_ORIGINS: ['', '*', 'viewer.nhs.uk', 'https://viewer.nhs.uk/', 'null'],
    OPERATIONS_PER_MINUTE: [...numbers, '0'],
    MAX_IN_FLIGHT: [...numbers, '0'],
    MAX_IN_FLIGHT_PER_PERSON: [...numbers, '0'],
    LOG_LEVEL: ['', 'silent'],
    SLOW_MS: numbers,
    OTEL_TRACES_SAMPLER_ARG: ['', ' ', 'abc', '-1', '2', '0x1', '1e-1'],
    DRAIN_SECONDS: ['', ' ', 'abc', '-1', '3601', '1e3', '0x1'],
    STOP_SECONDS: ['', ' ', 'abc', '0', '3601', '1e3', '0x1'],
    DEMO_ISSUER_KEY: ['', wrong.missing],
  }
}
