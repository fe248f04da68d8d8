import type * as Region from '../../../schema/generated/region.ts'
import type { PublishedItem } from '../../store/record-store.ts'
import type { Contents } from './contents.ts'
import { chooseAuthor, type DocumentAuthor } from './document-author.ts'
import { toDocumentFields } from './document-fields.ts'
import { type DocumentKind, documentKinds, summaryRecord } from './document-kinds.ts'
import { writeEncounter } from './encounters.ts'
import { shares, years } from './figures.ts'
import { pastDay } from './life.ts'
import { Random } from './random.ts'
import type { PersonWriting } from './writing.ts'

export interface WriteDocumentsOptions extends PersonWriting {
  readonly seed: number
  readonly contents: Contents
}

/** As many documents as the outline says, each the first of its story or in the place of the one before. */
export function writeDocuments(options: WriteDocumentsOptions): void {
  const { outline, region, random } = options
  const count = outline.documents.get(region) ?? 0
  const turns = new Map<DocumentKind, number>()
  let before: Written | null = null
  for (let index = 0; index < count; index++) {
    if (index === 0 && (outline.documents.size > 1 || random.chance(0.3))) writeSummary(options)
    else if (before && random.chance(shares.replacing)) before = writeDocument(options, turns, before)
    else before = writeDocument(options, turns, null)
  }
}

interface Written extends DocumentAuthor {
  readonly kind: DocumentKind
  readonly daysAgo: number
  readonly item: PublishedItem<'documents'>
}

/** The practice's summary: of a person in both regions, one document with two sources. */
function writeSummary({ outline, identity, life, days, practiceScribe, contents, seed }: WriteDocumentsOptions): void {
  const random = new Random(seed, outline.ordinal, 4)
  const organisation = identity.practice
  const on = days.at(pastDay(random, life, 2), random.between(780, 1130))
  practiceScribe.write('documents', {
    resourceType: 'DocumentReference',
    organisation,
    on,
    labels: ['N'],
    fields: toDocumentFields({
      kind: summaryRecord,
      organisation,
      random,
      on,
      specialty: null,
      content: contents.of({ kind: summaryRecord, organisation, specialty: null, turn: random.below(20) }),
    }),
  })
}

function writeDocument(
  options: WriteDocumentsOptions,
  turns: Map<DocumentKind, number>,
  before: Written | null,
): Written {
  const { outline, region, life, days, random, scribe, contents } = options
  const kind = before?.kind ?? chooseKind(random, outline.age)
  const nth = turns.get(kind) ?? random.below(6)
  turns.set(kind, nth + 1)
  const { organisation, specialty } = before ?? chooseAuthor(options, kind, nth)
  const daysAgo = before
    ? Math.max(life.endedDaysAgo + 1, before.daysAgo - random.between(1, 10))
    : pastDay(random, life, years)
  const on = days.at(daysAgo, before ? 1200 : random.between(780, 1130))
  // Even and odd, so that no document of one region has the bytes of another one's.
  const turn = nth * 2 + (region === outline.home ? 0 : 1)
  const content = random.chance(shares.withContent)
    ? contents.of({ kind, organisation, specialty: specialty?.text ?? null, turn })
    : null
  const confidentiality = chooseConfidentiality(random, kind)
  const lifecycle = random.chance(shares.mistaken) ? 'retracted' : 'current'
  const replaces = before?.item.identifier && lifecycle === 'current' ? [before.item.identifier] : []
  const item = scribe.write('documents', {
    resourceType: 'DocumentReference',
    organisation,
    on,
    lifecycle,
    labels: kind.from === 'mental health' ? [letters[confidentiality], 'PSY'].sort() : [letters[confidentiality]],
    replaces,
    fields: { ...toDocumentFields({ kind, organisation, random, on, specialty, content }), confidentiality, replaces },
  })
  if (kind.encounter && !before) writeEncounter(options, { ...kind.encounter, organisation, daysAgo })
  return { kind, organisation, specialty, daysAgo, item }
}

function chooseKind(random: Random, age: number): DocumentKind {
  for (;;) {
    const kind = random.choose(documentKinds)
    if (age >= (kind.fromAge ?? 0)) return kind
  }
}

const letters = { NORMAL: 'N', RESTRICTED: 'R', VERY_RESTRICTED: 'V' } as const

function chooseConfidentiality(random: Random, { from }: DocumentKind): Region.Confidentiality {
  const restricted = from === 'mental health' ? 0.3 : shares.restricted
  return random.choose([
    [1 - restricted - shares.veryRestricted, 'NORMAL'],
    [restricted, 'RESTRICTED'],
    [shares.veryRestricted, 'VERY_RESTRICTED'],
  ])
}
