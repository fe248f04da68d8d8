import { createHash } from 'node:crypto'
import type * as Region from '../../schema/generated/region.ts'
import type { PublishedContent } from '../store/record-store.ts'
import type { Attachment } from './datatypes/attachment.ts'
import type { Coding } from './datatypes/concept.ts'
import type { PatientEntry } from './resource-definition.ts'
import { binary } from './resources/binary.ts'

/** What an attachment holds, or the Binary of the Bundle that it points to. */
export interface AttachedContent {
  readonly content: Region.DocumentContent
  readonly published: PublishedContent
  /** Security codings of the Binary. */
  readonly security: readonly Coding[]
}

/**
 * Null where the attachment has no bytes here. Bytes that are not of the stated size or hash are a fault at the path.
 */
export function toContent(
  attachment: Attachment | undefined,
  entry: PatientEntry,
  path: string,
): AttachedContent | null {
  const referred = attachment?.url === undefined ? null : entry.resolve({ reference: attachment.url }, binary)?.resource
  const base64 = attachment?.data ?? referred?.data
  if (!attachment || base64 === undefined) return null
  const { bytes, digests } = attachment.data === undefined && referred ? decodeOnce(referred, base64) : decode(base64)
  if (bytes.length === 0) return null
  if (attachment.size !== undefined && attachment.size !== bytes.length)
    entry.fault(`${path}.size`, 'value', 'expected the size of the content, found another number')
  // R4 has SHA-1 there, later versions and many publishers SHA-256: the length tells which.
  const hash = attachment.hash === undefined ? null : Buffer.from(attachment.hash, 'base64')
  if (hash && !hash.equals(digests[hash.length === 32 ? 'sha256' : 'sha1']()))
    entry.fault(`${path}.hash`, 'value', 'expected the hash of the content, found that of another')
  const sha256 = digests.sha256().toString('hex')
  const contentType = attachment.contentType ?? referred?.contentType ?? 'application/octet-stream'
  return {
    content: { contentType, size: bytes.length, sha256, language: attachment.language ?? null },
    published: { sha256, bytes },
    security: referred?.meta?.security ?? [],
  }
}

interface DecodedContent {
  readonly bytes: Buffer
  /** Each made when it is first asked for. */
  readonly digests: Readonly<Record<'sha1' | 'sha256', () => Buffer>>
}

const decodedByResource = new WeakMap<object, DecodedContent>()

/** A Binary's bytes: thousands of documents may point to one of megabytes. */
function decodeOnce(resource: object, base64: string): DecodedContent {
  const known = decodedByResource.get(resource) ?? decode(base64)
  decodedByResource.set(resource, known)
  return known
}

function decode(base64: string): DecodedContent {
  const bytes = Buffer.from(base64, 'base64')
  const made = new Map<string, Buffer>()
  const digest = (algorithm: 'sha1' | 'sha256') => () => {
    const known = made.get(algorithm) ?? createHash(algorithm).update(bytes).digest()
    made.set(algorithm, known)
    return known
  }
  return { bytes, digests: { sha1: digest('sha1'), sha256: digest('sha256') } }
}
