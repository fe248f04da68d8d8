import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { runMain } from '../../schema/service/run-main.ts'
import { UsageError } from '../../schema/service/startup-error.ts'

const names = globSync('*.ts', { cwd: import.meta.dirname })
  .map((file) => basename(file, '.ts'))
  .filter((name) => name !== 'main' && !name.endsWith('.test'))
  .sort()

const usage = `Usage: npm run bench -- NAME [OPTIONS]

  NAME  ${names.join(', ')}`

/** `npm run bench`: runs one benchmark by its name, which takes the rest of the arguments. */
if (import.meta.main) {
  await runMain(async () => {
    const [name = '', ...args] = process.argv.slice(2)
    if (!names.includes(name)) throw new UsageError(`NAME: expected a benchmark, found ${name || 'nothing'}`, usage)
    const { run }: { readonly run: (args: readonly string[]) => Promise<void> } = await import(`./${name}.ts`)
    await run(args)
  })
}
