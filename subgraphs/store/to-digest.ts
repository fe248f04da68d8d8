import { hash } from 'node:crypto'

/** Computes the SHA-256 of what is published. Key order matters; the mapping always writes the same one. */
export function toDigest(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64url')
}
