import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'

/** An operation that viewers may send by its id alone (GraphQL over HTTP, persisted documents). */
export interface PublishedOperation {
  /** `sha256:` and the SHA-256 of its text, in hexadecimal. */
  readonly id: string
  readonly file: string
  /** The operation's name. */
  readonly name: string
  readonly text: string
}

/** Loads the operations in schema/operations. */
export function loadPublishedOperations(
  folder: URL = new URL('operations/', import.meta.url),
): readonly PublishedOperation[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.graphql'))
  return files.sort().map((file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    return { id: toDocumentId(text), file, name: toName(text), text }
  })
}

function toName(text: string): string {
  const name = /^(?:query|mutation) (\w+)/m.exec(text)?.[1]
  if (name === undefined) throw new Error('Published operation: expected a name')
  return name
}

/** Computes a document's id. */
export function toDocumentId(text: string): string {
  return `sha256:${hash('sha256', text)}`
}
