import { execFile } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { parse, print, visit } from 'graphql'
import { expect, test } from 'vitest'
import { gatewaySettings } from '../../gateway/configuration.ts'
import { loadPolicies } from '../../schema/policies/load-policies.ts'
import { loadPublishedOperations } from '../../schema/published-operations.ts'
import { loadRegions } from '../../schema/regions.ts'
import { readPublicSdl, readRegionalSdl } from '../../schema/sdl.ts'
import { gatewayRoutes, storeRoutes } from '../../schema/service/routes.ts'
import { seedSettings } from '../../subgraphs/demo/seed-settings.ts'
import { storeSettings } from '../../subgraphs/service/store-settings.ts'
import { expectGoldenJson } from './support/golden.ts'
import { sha256Of } from './support/masks.ts'

const root = join(import.meta.dirname, '../..')
const modes = ['production', 'development'] as const

test('the environment variables, and their defaults in both modes, are those of before', () => {
  const defaultsOf = (settings: ReturnType<typeof gatewaySettings> | ReturnType<typeof storeSettings>) =>
    Object.fromEntries(
      Object.entries(settings)
        .map(([name, { defaultText }]) => [name, defaultText ?? null] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    )
  const slugs = loadRegions().map(({ slug }) => slug)
  expectGoldenJson('settings.txt', {
    gateway: modes.map((mode) => ({ mode, defaults: defaultsOf(gatewaySettings(mode, {})) })),
    stores: slugs.flatMap((slug) =>
      modes.map((mode) => ({
        slug,
        mode,
        defaults: defaultsOf({ ...storeSettings(mode, slug), ...seedSettings(mode) }),
      })),
    ),
  })
})

test('the paths, their methods and whom they admit are those of before', () => {
  const rows = (routes: typeof gatewayRoutes | typeof storeRoutes) =>
    Object.values(routes)
      .map(
        (route) =>
          `${route.methods.join(',')} ${route.template} ${route.admits} ${'scope' in route ? route.scope : '-'}`,
      )
      .sort()
  expectGoldenJson('routes.txt', { gateway: rows(gatewayRoutes), stores: rows(storeRoutes) })
})

test('the SDL of each contract, the published operations and the rules have the hashes of before', () => {
  const sdls = { composed: readFileSync(join(root, 'schema/composed.graphql'), 'utf8'), public: readPublicSdl() }
  const regional = Object.fromEntries(loadRegions().map((region) => [region.slug, readRegionalSdl(region)]))
  const hashes = (texts: Readonly<Record<string, string>>) =>
    // Without descriptions too: where only that one is as before, the change was of words alone.
    Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [
        name,
        { text: sha256Of(text), withoutDescriptions: sha256Of(withoutDescriptions(text)) },
      ]),
    )
  expectGoldenJson('published-hashes.txt', {
    sdl: hashes({ ...sdls, ...regional }),
    operations: Object.fromEntries(loadPublishedOperations().map(({ name, text }) => [name, sha256Of(text)])),
    rules: loadRegions().map(({ slug }) => {
      const { version, rules, settings } = loadPolicies({ slug })
      return { slug, version, rules: rules.map(({ id }) => id), settings }
    }),
  })
})

function withoutDescriptions(sdl: string): string {
  const strip = { enter: (node: object) => ('description' in node ? { ...node, description: undefined } : undefined) }
  return print(visit(parse(sdl), strip))
}

/** The commands of package.json that people and their scripts start. */
const commands = [
  'start',
  'keys',
  'import',
  'publications',
  'people',
  'token',
  'reconcile',
  'population',
  'audit',
  'report',
  'policy',
  'store',
]

test("the npm scripts, and each command's options, are those of before", async () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const helps = await Promise.all(
    commands.map(async (name) => {
      const [, program = ''] = /(\S+\.ts)$/.exec(scripts[name]) ?? []
      const takesOptions = /parseCommand|runReport/.test(readFileSync(join(root, program), 'utf8'))
      return [name, takesOptions ? await optionsOf(program) : []] as const
    }),
  )
  expectGoldenJson('commands.txt', { scripts: Object.keys(scripts).sort(), options: Object.fromEntries(helps) })
})

async function optionsOf(program: string): Promise<readonly string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--help'], { cwd: root })
  return [...new Set(stdout.match(/--[a-z][a-z-]*/g))].sort()
}

test('every error code, status, reason and word of a closed list is still in the source', () => {
  const files = globSync('{gateway,schema,subgraphs}/**/*.ts', { cwd: root }).filter(
    (file) => !/generated|demo\//.test(file),
  )
  const lines = files.flatMap((file) => readFileSync(join(root, file), 'utf8').split('\n'))
  const code = lines.filter((line) => !/^\s*(\/\/|\/?\*)/.test(line))
  const found = new Set(code.flatMap((line) => line.match(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b/g) ?? []))
  // This list is kept by hand: a word that is taken out of it is one that no client, operator or stored file knows.
  const words = readFileSync(join(import.meta.dirname, 'golden/codes.txt'), 'utf8')
    .trim()
    .split('\n')
  expect(words.length).toBeGreaterThan(200)
  expect(words.filter((word) => !found.has(word))).toEqual([])
})
