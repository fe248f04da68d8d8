import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { z } from 'zod'
import { openPrivateHandle } from '../../schema/service/private-files.ts'
import { toServiceAddress } from '../../schema/service/service-address.ts'
import { InvalidSetting } from '../../schema/service/startup-error.ts'
import type { WriterHead } from './open-audit-trail.ts'

/** A published head: the writer, and how far its chain was at that time. It names no patient. */
export interface WitnessedHead extends WriterHead {
  /** UTC, ISO 8601. */
  readonly time: string
}

/** Stores heads outside the trail, so that a trail that was cut, replaced or deleted is detected by comparison. */
export interface HeadWitness {
  /** Rejects if the head could not be stored. */
  publish(head: WitnessedHead): Promise<void>
  /** Loads the stored heads; none if the witness cannot be read. */
  load(): Promise<WitnessContents>
}

export interface WitnessContents {
  readonly heads: readonly WriterHead[]
  /** Lines that are no head, such as one that a full disk cut short. */
  readonly oddLines: number
}

/** Description of valid values of AUDIT_WITNESS. */
export const witnessDescription = 'a file outside of AUDIT_DIR, or an http or https address'
const longestPostMs = 3000

/**
 * Creates the witness at an http(s) address, to which each head is posted as JSON, or in a file, to which each is
 * appended as a line of JSON. Throws InvalidSetting.
 */
export function createHeadWitness(place: string, auditFolder: string): HeadWitness {
  if (isAddress(place)) {
    // The address must be secure in development too, because an impostor would make the witness worthless.
    toServiceAddress(place, 'production', witnessDescription)
    const url = new URL(place)
    return { publish: (head) => post(url, head), load: async () => ({ heads: [], oddLines: 0 }) }
  }
  const fromFolder = relative(resolve(auditFolder), resolve(place))
  if (fromFolder === '' || !(fromFolder.startsWith('..') || isAbsolute(fromFolder)))
    throw new InvalidSetting(witnessDescription, `${JSON.stringify(place)} in it`)
  if (existsSync(`${place}/`)) throw new InvalidSetting(witnessDescription, `the folder ${place}`)
  return createFileWitness(place)
}

/** Returns whether a witness is an address, valid or not, and no file (RFC 3986, section 3.1: a scheme and a colon). */
export function isAddress(place: string): boolean {
  return /^[a-z][a-z0-9+.-]*:/i.test(place)
}

async function post(url: URL, head: WitnessedHead): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(head),
    redirect: 'error',
    signal: AbortSignal.timeout(longestPostMs),
  })
  await response.body?.cancel()
  if (!response.ok) throw new Error(`Audit witness: expected a status of 200 to 299, found ${response.status}`)
}

function createFileWitness(file: string): HeadWitness {
  let isCut = false
  return {
    async publish(head) {
      const handle = await openPrivateHandle(file, 'append')
      try {
        // After an incomplete line, the next head starts on a new line.
        const text = `${isCut ? '\n' : ''}${JSON.stringify(head)}\n`
        isCut = true
        await handle.appendFile(text)
        await handle.datasync()
        isCut = false
      } finally {
        await handle.close()
      }
    },
    load: () => loadWitness(file),
  }
}

const witnessedHeadSchema = z.looseObject({ writer: z.string(), sequence: z.int().min(0), hash: z.string().length(64) })

/**
 * Loads the heads in a witness's file: lines of JSON with `writer`, `sequence` and `hash`. Returns none if there is no
 * file yet.
 */
export async function loadWitness(file: string): Promise<WitnessContents> {
  const text = await readFile(file, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOENT') return ''
    throw cause
  })
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const heads = lines.flatMap((line) => {
    const parsed = witnessedHeadSchema.safeParse(parse(line))
    return parsed.success
      ? [{ writer: parsed.data.writer, sequence: parsed.data.sequence, hash: parsed.data.hash }]
      : []
  })
  return { heads, oddLines: lines.length - heads.length }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
