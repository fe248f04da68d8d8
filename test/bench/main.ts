import { globSync } from 'node:fs'
import { basename } from 'node:path'

/** What is beside the benchmarks and is none. */
const others = new Set(['main', 'measure'])
const names = globSync('*.ts', { cwd: import.meta.dirname })
  .map((file) => basename(file, '.ts'))
  .filter((name) => !others.has(name))

// Runs one benchmark by its name: npm run bench -- timeline
const [name] = process.argv.slice(2)
if (name === undefined || !names.includes(name)) {
  console.error(`Expected the name of a benchmark: ${names.sort().join(', ')}.`)
  process.exitCode = 1
} else {
  const { run }: { readonly run: () => Promise<void> } = await import(`./${name}.ts`)
  await run()
}
