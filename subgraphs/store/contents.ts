import { createHash } from 'node:crypto'
import type { PublishedContent } from './record-store.ts'
import type { Statements } from './statements.ts'

const chunkBytes = 64 * 1024

/** Stores a document's bytes in chunks, once for all documents with the same hash. Throws if the hash is not theirs. */
export function storeContent(statements: Statements, { sha256, bytes }: PublishedContent): void {
  if (statements.get('SELECT 1 FROM content WHERE sha256 = ?', sha256)) return
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    throw new Error('Content: expected sha256 to be the lower case hex digest of the bytes.')
  const content = statements.insert('INSERT INTO content (sha256, size) VALUES (?, ?)', sha256, bytes.byteLength)
  for (let start = 0; start < bytes.byteLength; start += chunkBytes) {
    const chunk = bytes.subarray(start, start + chunkBytes)
    statements.run(
      'INSERT INTO content_chunk (content, position, bytes) VALUES (?, ?, ?)',
      content,
      start / chunkBytes,
      chunk,
    )
  }
}

/**
 * Reads a content's chunks from a byte on, each on demand. Nothing stays open between two, so a slow reader blocks
 * nobody.
 */
export function readContent(statements: Statements, sha256: string, start: number): AsyncIterable<Uint8Array> | null {
  const content = statements.get<{ content: number }>('SELECT content FROM content WHERE sha256 = ?', sha256)?.content
  return content === undefined ? null : readChunks(statements, content, start)
}

async function* readChunks(statements: Statements, content: number, start: number): AsyncIterable<Uint8Array> {
  const first = Math.floor(start / chunkBytes)
  for (let position = first; ; position++) {
    const chunk = statements.get<{ bytes: Uint8Array }>(
      'SELECT bytes FROM content_chunk WHERE content = ? AND position = ?',
      content,
      position,
    )
    if (!chunk) return
    yield position === first ? chunk.bytes.subarray(start % chunkBytes) : chunk.bytes
  }
}
