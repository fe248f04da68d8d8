import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { portOf, type RegionConfiguration } from '../../schema/regions.ts'
import { listen, PortInUse } from '../../schema/service/listen.ts'
import type { Environment } from '../../schema/service/load-settings.ts'
import { ensureFolder, openPrivateFile } from '../../schema/service/private-files.ts'
import { StartupError } from '../../schema/service/startup-error.ts'
import type { DemoKeyFiles } from './demo-keys.ts'
import { type DemoSettings, defaultScale } from './demo-settings.ts'
import { demoAudience, demoIssuer } from './mint-token.ts'

/** The options with which `npm start` and `npm run store` start processes. */
export interface DemoOptions {
  readonly settings: DemoSettings
  readonly keys: DemoKeyFiles
  /** Environment variables for the processes; the demo's own settings override them. */
  readonly environment: Environment
}

/** A child process of the demo. */
export interface DemoProcess {
  /** The name for people, as `e-Xchange`. */
  readonly name: string
  readonly url: string
  readonly child: ChildProcess
}

/** Returns the folder to whose files each process appends its standard output: a JSON line per request. */
export function toLogFolder({ dataDir }: Pick<DemoSettings, 'dataDir'>): string {
  return join(dataDir, 'logs')
}

/** Returns the gateway's address on this machine. */
export function toGatewayUrl({ gatewayHost, gatewayPort }: DemoSettings): string {
  const host = gatewayHost === '0.0.0.0' || gatewayHost === '::' ? '127.0.0.1' : gatewayHost
  return `http://${host}:${gatewayPort}`
}

/** Starts a region's store with the demo's people in it. */
export function startStore({ slug, url, applicationName }: RegionConfiguration, demo: DemoOptions): DemoProcess {
  const { issuerKeySet, gatewayKeySet } = demo.keys
  const { hostname } = new URL(url)
  const child = spawnProcess({ main: '../../subgraphs/demo/main.ts', args: [slug], logName: slug }, demo, {
    HOST: hostname,
    PORT: String(portOf(url)),
    TOKEN_KEYS: issuerKeySet,
    GATEWAY_KEYS: gatewayKeySet,
    DEMO_PEOPLE: 'yes',
    DEMO_SCALE: String(demo.settings.scale),
  })
  return { name: applicationName, url, child }
}

/** Starts the gateway, with GraphiQL and a token in it. */
export function startGateway(demo: DemoOptions): DemoProcess {
  const { issuerKey, issuerKeySet, gatewayKey, secret } = demo.keys
  const { gatewayHost, gatewayPort } = demo.settings
  const child = spawnProcess({ main: './gateway.ts', args: [], logName: 'gateway' }, demo, {
    HOST: gatewayHost,
    PORT: String(gatewayPort),
    TOKEN_KEYS: issuerKeySet,
    GATEWAY_KEY: gatewayKey,
    GATEWAY_SECRET: secret,
    AUDIT_DIR: demo.environment.AUDIT_DIR ?? join(demo.settings.dataDir, 'audit'),
    DEMO_ISSUER_KEY: issuerKey,
  })
  return { name: 'The gateway', url: toGatewayUrl(demo.settings), child }
}

/** Throws if another process uses the port, because its answers would be mistaken for the demo's. */
export async function assertPortFree(url: string): Promise<void> {
  try {
    await (await listen((_, response) => response.end(), { host: new URL(url).hostname, port: portOf(url) })).close()
  } catch (cause) {
    if (!(cause instanceof PortInUse)) throw cause
    throw new StartupError(`${cause.message}. Is it running already?`, { cause })
  }
}

/** Waits until the process is `ready` or has `ended`, however long the first start takes to create people. */
export async function waitUntilReady({ url, child }: DemoProcess): Promise<'ready' | 'ended'> {
  while (child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(`${url}/readyz`).catch(() => null)
    if (answer?.ok) return 'ready'
    await sleep(50)
  }
  return 'ended'
}

/** Describes briefly how a process ended. */
export function describeExit(code: number | null, signal: NodeJS.Signals | null): string {
  // A gateway or store ends with code 0 only because of a signal.
  return signal ?? (code === 0 ? 'SIGTERM' : `exit code ${code}`)
}

/** Returns the command that restarts a store; DATA_DIR and REGIONS must be the same as here. */
export function toStoreCommand(
  { slug }: RegionConfiguration,
  { scale }: DemoSettings,
  environment: Environment,
): string {
  const moved = ['DATA_DIR', 'REGIONS'].filter((name) => environment[name] !== undefined)
  return [
    `npm run store -- ${slug}`,
    scale === defaultScale ? '' : ` --scale ${scale}`,
    moved.length === 0 ? '' : ` (with ${moved.join(' and ')} as here)`,
  ].join('')
}

function spawnProcess(
  { main, args, logName }: { readonly main: string; readonly args: readonly string[]; readonly logName: string },
  { settings, environment }: DemoOptions,
  own: Readonly<Record<string, string>>,
): ChildProcess {
  const log = openLog(toLogFolder(settings), logName)
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL(main, import.meta.url)), ...args],
    {
      // Node caches compiled modules here, because a start spends most of its time loading ours.
      env: {
        NODE_COMPILE_CACHE: join(settings.dataDir, 'compile-cache'),
        ...environment,
        NODE_ENV: 'development',
        DATA_DIR: settings.dataDir,
        TOKEN_ISSUER: demoIssuer,
        TOKEN_AUDIENCE: demoAudience,
        ...own,
      },
      stdio: ['ignore', log, 'inherit'],
    },
  )
  // The child process has its own file descriptor.
  closeSync(log)
  return child
}

function openLog(folder: string, name: string): number {
  return openPrivateFile(join(ensureFolder(folder), `${name}.log`), 'append')
}
