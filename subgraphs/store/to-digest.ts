import { hash } from 'node:crypto'

/** A digest of what is published, whose keys come in the order in which the mapping writes them. */
export function toDigest(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64url')
}
