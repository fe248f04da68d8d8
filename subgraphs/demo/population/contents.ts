import { createHash } from 'node:crypto'
import type * as Region from '../../../schema/generated/region.ts'
import type { PublishedContent } from '../../store/record-store.ts'
import { type Content, html, pdf, plainText } from '../vocabulary/content.ts'
import type { Organisation } from '../vocabulary/organisation.ts'
import type { DocumentKind } from './document-kinds.ts'
import { writeLetter } from './letters.ts'

export interface ContentsOptions {
  readonly kind: DocumentKind
  readonly organisation: Organisation
  readonly specialty: string | null
  /** How many-eth of its kind: a person has each once, so no two documents of one person have the same bytes. */
  readonly turn: number
}

/**
 * The bytes of documents. They name nobody, so people share them: there are a few thousand however many documents, made
 * once, and `take` gives those that have not been given yet.
 */
export class Contents {
  readonly #made = new Map<string, Region.DocumentContent>()
  #untaken: PublishedContent[] = []

  of({ kind, organisation, specialty, turn }: ContentsOptions): Region.DocumentContent {
    const key = `${kind.type.text}|${kind.from}|${organisation.odsCode}|${specialty}|${turn}`
    const known = this.#made.get(key)
    if (known) return known
    const { contentType, bytes } = toContent(
      kind,
      writeLetter({ title: kind.type.text, organisation: organisation.name, specialty, turn }),
    )
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const made = { contentType, size: bytes.length, sha256, language: 'en-GB' }
    this.#made.set(key, made)
    this.#untaken.push({ sha256, bytes })
    return made
  }

  take(): readonly PublishedContent[] {
    const taken = this.#untaken
    this.#untaken = []
    return taken
  }
}

function toContent({ form }: DocumentKind, [title, ...lines]: readonly [string, ...string[]]): Content {
  if (form === 'html') return html(title, ...lines)
  return form === 'pdf' ? pdf(title, '', ...lines) : plainText(title, '', ...lines)
}
