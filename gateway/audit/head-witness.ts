import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isAbsolute, relative, resolve } from 'node:path'
import { z } from 'zod'
import { openPrivateHandle } from '../../schema/service/private-files.ts'
import { toServiceAddress } from '../../schema/service/service-address.ts'
import { InvalidSetting } from '../../schema/service/startup-error.ts'
import type { WriterHead } from './open-audit-trail.ts'

/** A head as it is noted: the writer, and how far its chain was at that time. It names no patient. */
export interface WitnessedHead extends WriterHead {
  /** UTC, ISO 8601. */
  readonly time: string
}

/** Somebody elsewhere who keeps the heads of trails, so that one that was cut, replaced or deleted is found by comparing. */
export interface HeadWitness {
  /** Rejects where the head could not be handed over. */
  publish(head: WitnessedHead): Promise<void>
  /** What it has kept; none where it cannot be asked. */
  load(): Promise<WitnessContents>
}

export interface WitnessContents {
  readonly heads: readonly WriterHead[]
  /** Lines that are no head, as one that a full disk cut short. */
  readonly oddLines: number
}

/** What AUDIT_WITNESS may be. */
export const witnessDescription = 'a file outside of AUDIT_DIR, or an http or https address'
const longestPostMs = 3000

/** The witness at a place: an http address, to which each head is posted as JSON, or a file, to which each is appended as a line of JSON. Throws Unfit. */
export function createHeadWitness(place: string, auditFolder: string): HeadWitness {
  if (isAddress(place)) {
    // In development, too: who answers in the witness's place would make its word worth nothing.
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

/** Whether a witness is an address, right or wrong (RFC 3986, section 3.1: a scheme and a colon), and no file. */
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
        // After a line that was cut short the next begins anew.
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

/** The heads in a witness's file: lines of JSON with `writer`, `sequence` and `hash`. None where there is no file yet. */
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
