import type { SectionField } from '../../../schema/sections.ts'
import type { ItemFields, Publication, PublishedItem, PublishedPatient } from '../../../subgraphs/store/record-store.ts'
import { concept, content, identifier, item, numberOf, optOut, patient, publication } from '../store/publications.ts'
import type { Slug } from '../system.ts'

/** What a patient's record is made to be, in either region: all of it secret. */
export interface SecretRecordOptions {
  readonly patient?: Partial<Omit<PublishedPatient, 'fields'>> & {
    readonly fields?: Partial<PublishedPatient['fields']>
  }
  readonly item?: Partial<Pick<PublishedItem, 'labels' | 'lifecycle'>>
  /** The patient opts out of all of it. */
  readonly optsOut?: boolean
  /** The items that are published. @default all */
  readonly items?: 'none'
}

export const slugs: readonly Slug[] = ['cheshire-merseyside', 'lancashire-south-cumbria']
const initials = { 'cheshire-merseyside': 'cm', 'lancashire-south-cumbria': 'lsc' } as const
const sections = [
  'alerts',
  'allergies',
  'problems',
  'medications',
  'immunisations',
  'procedures',
  'carePlans',
  'contacts',
  'appointments',
  'results',
  'encounters',
  'documents',
] as const

/**
 * What stands in one region's record of one patient only, in this part of it: a section, `person`, `place` or
 * `content`.
 */
const secretOf = (slug: Slug, part: string, n: number) => `${initials[slug]}-${part}-secret${n}`

/** The secrets of the nth patient that a text has, as `cm-problems`, each once. */
export function findSecrets(text: string, n: number): readonly string[] {
  return [
    ...new Set(
      [...text.matchAll(/((?:cm|lsc)-[a-zA-Z]+)-secret(\d+)/g)].flatMap(([, secret = '', of]) =>
        of === String(n) ? [secret] : [],
      ),
    ),
  ].sort()
}

/** All that findSecrets can find in an answer of GraphQL: content is behind its url. */
export const allSecrets: readonly string[] = Object.values(initials)
  .flatMap((region) => [...sections, 'person', 'place'].map((part) => `${region}-${part}`))
  .sort()

const dayMs = 86_400_000
const today = Date.now()
const daysAgo = (days: number) => new Date(today - days * dayMs).toISOString()

/**
 * The nth patient's record in a region: of each section an item that only this region has, and one that both have and
 * describe differently.
 */
export function secretRecord(
  slug: Slug,
  n: number,
  { patient: asked = {}, item: changes = {}, optsOut = false, items }: SecretRecordOptions = {},
): Publication {
  const secret = (part: string) => secretOf(slug, part, n)
  const place = { odsCode: secret('place'), name: secret('place') }
  const bytes = Buffer.from(secret('content'))
  const toItem = <S extends SectionField>(section: S, whose: 'own' | 'shared'): PublishedItem => {
    const at = daysAgo(whose === 'own' ? 10 : 20)
    const name = whose === 'own' ? secret(section) : `shared-${section}-${n}`
    const fields = {
      ...fieldsOf(secret, at)[section],
      ...(section === 'documents' && whose === 'own' ? contentOf(bytes) : {}),
    } as Partial<ItemFields<S>>
    return item(section, name, { nhsNumber: numberOf(n), organisation: place, at, fields, ...changes })
  }
  return publication({
    patients: [
      patient(n, {
        localIdentifiers: [identifier(secret('place'))],
        ...asked,
        fields: { ...demographicsOf(secret), ...asked.fields },
      }),
    ],
    items: items === 'none' ? [] : sections.flatMap((section) => [toItem(section, 'own'), toItem(section, 'shared')]),
    optOuts: optsOut ? [optOut(`opt-out-${n}`, { nhsNumber: numberOf(n) })] : [],
    contents: [content(bytes)],
  })
}

function contentOf(bytes: Uint8Array): Partial<ItemFields<'documents'>> {
  return {
    contentAnswer: 'AVAILABLE',
    content: { contentType: 'text/plain', size: bytes.length, sha256: content(bytes).sha256, language: null },
  }
}

type SecretOf = (part: string) => string

function demographicsOf(secret: SecretOf): Partial<PublishedPatient['fields']> {
  const [person, place] = [secret('person'), secret('place')]
  return {
    name: { full: person, family: person, given: [person], prefix: [] },
    address: { lines: [place], city: place, postcode: place },
    telecom: [{ system: 'phone', value: place, use: 'home' }],
    gpPractice: { odsCode: place, name: place },
    organisation: { odsCode: place, name: place },
  }
}

/** One code for what both regions have, so that their items look alike, and words that tell whose it is. */
function fieldsOf(text: SecretOf, at: string): { readonly [S in SectionField]: Partial<ItemFields<S>> } {
  const words = (section: SectionField) => concept(text(section), `same-${section}`)
  const place = { odsCode: text('place'), name: text('place') }
  const soon = new Date(today + 10 * dayMs).toISOString()
  return {
    alerts: { code: words('alerts'), category: words('alerts') },
    allergies: { substance: words('allergies'), reactions: [{ manifestation: words('allergies'), severity: 'MILD' }] },
    problems: { code: words('problems'), significance: text('problems') },
    medications: { medicine: words('medications'), dosage: text('medications'), prescriber: place },
    immunisations: {
      vaccine: words('immunisations'),
      lot: text('immunisations'),
      dose: text('immunisations'),
      site: words('immunisations'),
    },
    procedures: { code: words('procedures'), performed: '2020' },
    carePlans: { title: text('carePlans'), category: words('carePlans'), activities: [text('carePlans')] },
    contacts: {
      name: text('contacts'),
      relationship: words('contacts'),
      worksFor: place,
      telecom: [{ system: 'phone', value: text('contacts'), use: null }],
    },
    appointments: {
      start: soon,
      specialty: words('appointments'),
      location: text('place'),
      description: text('appointments'),
    },
    results: {
      code: words('results'),
      effective: at,
      value: text('results'),
      interpretation: words('results'),
      report: words('results'),
    },
    encounters: { type: words('encounters'), start: at, reason: words('encounters'), provider: place },
    documents: {
      title: text('documents'),
      type: words('documents'),
      category: words('documents'),
      created: at,
      author: { name: text('documents'), role: words('documents'), organisation: place },
      custodian: place,
    },
  }
}
