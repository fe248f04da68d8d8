import type * as Region from '../../../schema/generated/region.ts'
import { clinicians } from '../clinicians.ts'
import { toConcept } from './concepts.ts'
import type { Moment } from './days.ts'
import type { DocumentAuthor } from './document-author.ts'
import type { DocumentKind } from './document-kinds.ts'
import { familyNames } from './names.ts'
import type { Random } from './random.ts'

export interface DocumentFieldsOptions extends DocumentAuthor {
  readonly kind: DocumentKind
  readonly random: Random
  readonly on: Moment
  readonly content: Region.DocumentContent | null
}

/** What a document's metadata say: a current one of normal confidentiality that replaces none. */
export function toDocumentFields({ kind, organisation, random, on, specialty, content }: DocumentFieldsOptions) {
  return {
    title: specialty === null ? kind.type.text : `${kind.type.text}: ${specialty.text}`,
    type: toConcept(kind.type),
    category: toConcept(kind.category),
    status: 'CURRENT',
    created: on.text,
    indexed: new Date(on.ms).toISOString(),
    author: { name: `Dr ${random.pick(familyNames)}`, role: toConcept(roles[kind.from]), organisation },
    custodian: organisation,
    specialty: specialty === null ? null : toConcept(specialty),
    confidentiality: 'NORMAL',
    replaces: [],
    contentAnswer: content === null ? 'ABSENT' : 'AVAILABLE',
    content,
  } as const
}

const roles = {
  hospital: clinicians.oconnell.role,
  'mental health': clinicians.mensah.role,
  practice: clinicians.fazal.role,
  ambulance: clinicians.tunstall.role,
} as const
