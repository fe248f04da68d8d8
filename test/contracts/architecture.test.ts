import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, sep } from 'node:path'
import { describe, expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const files = globSync('{schema,subgraphs,gateway}/**/*.{ts,js}', { cwd: root })
const imports = files.flatMap((file) => importsOf(file).map((target) => ({ file, target })))

/** Where a file's imports lead: paths from the root, or the names of packages. */
function importsOf(file: string): readonly string[] {
  const text = readFileSync(join(root, file), 'utf8')
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, specifier = '']) =>
    specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier,
  )
}

/** The imports that an arrow forbids, as `file -> target`. */
function wrong(isWrong: (file: string, target: string) => boolean): readonly string[] {
  return imports.filter(({ file, target }) => isWrong(file, target)).map(({ file, target }) => `${file} -> ${target}`)
}

const isIn = (path: string, folder: string) => path.startsWith(folder + sep)
const isPackage = (target: string, name: string) => target === name || target.startsWith(`${name}/`)

/**
 * The folders of each side, the lowest layer first. A folder imports only folders of layers below its own, so that
 * what a change can reach is read off this list. `.` is the side's own files: its mains and what they call.
 */
const layers: Readonly<Record<string, readonly (readonly string[])[]>> = {
  gateway: [
    ['pages', 'regions', 'consent', 'change-feed', 'opaque-tokens'],
    ['observability', 'audit'],
    ['request'],
    ['patient-view'],
    ['documents', 'privacy-officer', 'utilisation'],
    ['mutations'],
    ['operation'],
    ['server'],
    ['wiring'],
    ['.'],
    ['demo', 'deploy'],
  ],
  subgraphs: [
    ['store'],
    ['change-feed', 'publishing', 'release'],
    ['overrides', 'sections'],
    ['service'],
    ['.'],
    ['demo'],
  ],
}

/** One cycle for each import that closes one, as `file -> ... -> file`. */
function findCycles(edges: readonly { readonly file: string; readonly target: string }[]): readonly string[] {
  const targets = new Map<string, string[]>()
  for (const { file, target } of edges) targets.set(file, [...(targets.get(file) ?? []), target])
  const finished = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, path: readonly string[]) => {
    const start = path.indexOf(file)
    if (start >= 0) {
      cycles.push([...path.slice(start), file].join(' -> '))
      return
    }
    if (finished.has(file)) return
    for (const target of targets.get(file) ?? []) visit(target, [...path, file])
    finished.add(file)
  }
  for (const file of targets.keys()) visit(file, [])
  return cycles
}

describe('the arrows of the architecture', () => {
  test('there are imports to look at', () => {
    expect(imports.length).toBeGreaterThan(100)
  })

  test('schema imports nothing of the project', () => {
    expect(
      wrong((file, target) => isIn(file, 'schema') && (isIn(target, 'gateway') || isIn(target, 'subgraphs'))),
    ).toEqual([])
  })

  test('gateway and subgraphs never import each other, and nothing imports test', () => {
    expect(
      wrong(
        (file, target) =>
          (isIn(file, 'gateway') && isIn(target, 'subgraphs')) ||
          (isIn(file, 'subgraphs') && isIn(target, 'gateway')) ||
          isIn(target, 'test'),
      ),
    ).toEqual([])
  })

  test.each(Object.entries(layers))('%s: a folder imports only folders of the layers below its own', (top, ordered) => {
    const folderOf = (path: string) => {
      const [, folder = ''] = path.split(sep)
      return folder.includes('.') ? '.' : folder
    }
    const layerOf = (path: string) => ordered.findIndex((layer) => layer.includes(folderOf(path)))
    const unplaced = files.filter((file) => isIn(file, top) && layerOf(file) < 0)
    expect(unplaced).toEqual([])
    expect(
      wrong(
        (file, target) =>
          isIn(file, top) &&
          isIn(target, top) &&
          folderOf(file) !== folderOf(target) &&
          layerOf(target) >= layerOf(file),
      ),
    ).toEqual([])
  })

  test('no file imports itself by way of others, types included', () => {
    expect(findCycles(imports)).toEqual([])
  })

  test('an import cycle is found', () => {
    const [one, two, three] = ['one.ts', 'two.ts', 'three.ts']
    const chain = [
      { file: one, target: two },
      { file: two, target: three },
    ]
    expect(findCycles(chain)).toEqual([])
    expect(findCycles([...chain, { file: three, target: one }])).toEqual(['one.ts -> two.ts -> three.ts -> one.ts'])
  })

  test('nothing of the stores imports the demo', () => {
    const demo = join('subgraphs', 'demo')
    expect(wrong((file, target) => !isIn(file, demo) && isIn(target, demo))).toEqual([])
  })

  test('no service names a region: regions are configuration', () => {
    const names = /cheshire|lancashire|merseyside|cumbria/i
    // The demo's people, what the public SDL's comment shows, and examples in descriptions.
    const others = ['subgraphs/demo', 'gateway/demo', 'schema/generated', 'schema/policies/typical-cases.ts']
    const naming = files.filter(
      (file) =>
        !others.some((other) => file === normalize(other) || isIn(file, normalize(other))) &&
        names.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(naming).toEqual([])
  })

  test.each([
    ['undici', ['gateway/regions', 'gateway/change-feed/change-feed-connection.ts']],
    ['uplot', ['gateway/pages/browser']],
    [
      'lru-cache',
      [
        'gateway/operation/response-cache.ts',
        'gateway/regions/coherent-reply-cache.ts',
        'gateway/regions/region-breaker.ts',
        'gateway/server/document-reader.ts',
        'schema/bounded-memo.ts',
        'schema/london-day.ts',
        'schema/timed-memo.ts',
        'subgraphs/store/release-classes.ts',
      ],
    ],
    ['@graphql-tools', ['gateway/operation/compose-schema.ts']],
    ['node:sqlite', ['subgraphs/store']],
    [
      'prom-client',
      ['gateway/observability/metrics', 'subgraphs/service/prometheus-metrics.ts', 'schema/service/process-metrics.ts'],
    ],
    ['pino', ['schema/service/json-logger.ts']],
    ['@opentelemetry', ['schema/service/otlp-spans.ts']],
  ])('%s is imported only where it is used', (name, doors) => {
    expect(
      wrong(
        (file, target) =>
          isPackage(target, name) && !doors.some((door) => file === normalize(door) || isIn(file, normalize(door))),
      ),
    ).toEqual([])
  })

  test("OpenTelemetry's SDK is read by who has a collector only", () => {
    const statically = globSync('{schema,subgraphs,gateway}/**/*.ts', { cwd: root }).filter((file) =>
      /from\s+'[^']*otlp-spans\.ts'/.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(statically).toEqual([])
  })

  test("a request's path is read by the front door only: nothing after it decides again what is asked for", () => {
    const reads =
      /\bpathname\b|\b(?:request|req|incoming)\.url\b|(?<![.\w])url\.(?:startsWith|endsWith|includes|split|slice)\b|\bonRequest\w*\([^)]*\burl\b/
    const readers = files.filter(
      (file) => !file.includes(`${sep}browser${sep}`) && reads.test(readFileSync(join(root, file), 'utf8')),
    )
    // The settings of policies are a file, and key sets have an address; their paths stand in errors.
    const others = ['schema/service/fetch-json.ts', 'schema/key-set.ts', 'schema/policies/policy-settings.ts']
    expect(readers.sort()).toEqual(
      ['schema/service/front-door.ts', 'schema/service/request-target.ts', ...others].map(normalize).sort(),
    )
  })

  test('files and folders are made by schema/service/private-files.ts only, so that they are for their owner alone', () => {
    // They write sources of the project, which everybody may read.
    const generators = [
      'schema/generate.ts',
      'gateway/operation/print-composed-schema.ts',
      'test/support/settings/print-settings.ts',
    ]
    const readsOnly =
      /^(type \w+|readFile|readFileSync|readdir|readdirSync|existsSync|stat|statSync|fstatSync|lstat|glob|createReadStream|closeSync|writeSync|unlink|open)$/
    const makers = files.flatMap((file) => {
      if (file === normalize('schema/service/private-files.ts') || generators.includes(file.split(sep).join('/')))
        return []
      const text = readFileSync(join(root, file), 'utf8')
      const names = [...text.matchAll(/import\s+([^;'"]+?)\s+from '(?:node:)?fs(?:\/promises)?'/g)].flatMap(
        ([, clause = '']) => (clause.startsWith('{') ? clause.replace(/[{}]/g, '').split(',') : [clause]),
      )
      const makes = names.map((name) => name.trim()).filter((name) => name !== '' && !readsOnly.test(name))
      // Without flags, or with these, `open` of node:fs/promises reads.
      const opens = /\bopen\b[^;]*from 'node:fs\/promises'/.test(text)
        ? [...text.matchAll(/(?<![.\w] ?)\bopen\(([^)]*)\)/g)].map(([call]) => call)
        : []
      const writes = opens.filter((call) => !/^open\((\w|\.)+(, 'r')?\)$/.test(call) && !call.includes('mode:'))
      return [...makes, ...writes].map((what) => `${file}: ${what}`)
    })
    expect(makers).toEqual([])
    const databases = files.filter((file) =>
      /new DatabaseSync\((?![^)]*readOnly: true)/.test(readFileSync(join(root, file), 'utf8')),
    )
    expect(
      databases.filter((file) => !readFileSync(join(root, file), 'utf8').includes('ensurePrivateFile(file)')),
    ).toEqual([])
  })

  test('the environment is read in the mains only', () => {
    const isMain = (text: string) =>
      /import\.meta\.main|^#!|process\.exitCode|process\.exit\(|process\.once\(/m.test(text)
    const readers = files.filter((file) => {
      const text = readFileSync(join(root, file), 'utf8')
      return text.includes('process.env') && !isMain(text)
    })
    expect(readers).toEqual([])
  })
})
