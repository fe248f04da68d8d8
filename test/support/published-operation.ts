import { readFileSync } from 'node:fs'

/** The text of a published operation, by its file's name. */
export function publishedOperation(name: string): string {
  return readFileSync(new URL(`../../schema/operations/${name}.graphql`, import.meta.url), 'utf8')
}
