import { globSync, readFileSync } from 'node:fs'

const folder = new URL('../../schema/operations/', import.meta.url)

/** The text of a published operation, by its file's name. */
export function publishedOperation(name: string): string {
  return readFileSync(new URL(`${name}.graphql`, folder), 'utf8')
}

/** The names of all published operations, as PatientSummary. */
export function publishedOperationNames(): readonly string[] {
  return globSync('*.graphql', { cwd: folder }).flatMap(
    (file) => /^(?:query|mutation) (\w+)/m.exec(readFileSync(new URL(file, folder), 'utf8'))?.[1] ?? [],
  )
}
