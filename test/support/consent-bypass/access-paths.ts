import { numberOf } from '../store/publications.ts'
import type { System } from '../system.ts'
import { selectAll, styles } from './query-shapes.ts'
import { findSecrets } from './secrets.ts'

/** The patient of whom everything is released to the tests' viewer, and a number that nobody has. */
export const openPatient = 0
export const unknownNumber = numberOf(200)

/** What somebody learned of a patient from an answer, and may try, or tell another viewer. */
export interface KnownFacts {
  /** Items, and the secrets that each tells. */
  readonly items: readonly { readonly id: string; readonly secrets: readonly string[] }[]
  readonly documentIds: readonly string[]
  readonly urls: readonly string[]
  /** SHA-256 of contents. */
  readonly digests: readonly string[]
  /** The first cursor of each timeline, read whole. */
  readonly cursors: Readonly<Record<'results' | 'encounters' | 'documents', string>>
}

/** A query by which a record may be got at. */
export interface AccessPath {
  readonly name: string
  readonly text: string
}

const wholes = styles.flatMap((style) => [
  { name: `every field of the view, ${style}`, ...selectAll('Patient', style, (field) => field !== 'records') },
  {
    name: `every field of the regional records, ${style}`,
    ...selectAll('Patient', style, (field) => field === 'records'),
  },
])
const wholeDocument = selectAll('Document', 'named fragments')

/**
 * Every query shape, for one patient: its whole record by each style, among others, twice, by pages, by ids, by
 * filters. `access` is the argument's value.
 */
export function listAccessPaths(
  n: number,
  { items, documentIds, cursors }: KnownFacts,
  access: string,
): readonly AccessPath[] {
  const asked = `nhsNumber: "${numberOf(n)}", access: ${access}`
  const list = (texts: readonly string[]) => JSON.stringify(texts)
  const ids = list(items.map(({ id }) => id))
  const [view, records] = wholes
  const page =
    '{ edges { cursor node { ... on Item { id possibleDuplicates sources { identifier { value } } } } } pageInfo { endCursor } }'
  const regional = '{ nodes { id position identifier { value } } }'
  const byIds = (prefix: string) =>
    `... on ${prefix}Record { ${['results', 'encounters', 'documents'].map((field) => `${prefix}_${field}: ${field}(ids: ${ids}) ${regional}`).join(' ')} }`
  return [
    ...wholes.map(({ name, fields, fragments }) => ({
      name,
      text: `{ patient(${asked}) { ${fields} } } ${fragments}`,
    })),
    ...wholes.slice(0, 2).map(({ name, fields, fragments }) => ({
      name: `${name}, among others`,
      text: `{ patients(nhsNumbers: ${list([openPatient, n].map(numberOf).concat(unknownNumber))}, access: ${access}) { ${fields} } } ${fragments}`,
    })),
    {
      name: 'under an alias for each region, and with a birth date',
      text: `{ a: patient(${asked}, regions: [CHESHIRE_MERSEYSIDE]) { ${view?.fields} } b: patient(${asked}, regions: [LANCASHIRE_SOUTH_CUMBRIA], birthDate: "1980-02-03") { ${records?.fields} } }`,
    },
    {
      name: 'the pages after cursors that another viewer was given',
      text: `{ patient(${asked}) { results(first: 1, after: "${cursors.results}", filter: { all: true }) ${page} encounters(first: 1, after: "${cursors.encounters}", filter: { all: true }) ${page} documents(first: 1, after: "${cursors.documents}", filter: { status: [CURRENT, SUPERSEDED] }) ${page} } }`,
    },
    {
      name: 'documents by ids that another viewer was given',
      text: `{ ${documentIds.map((id, index) => `d${index}: document(id: "${id}", access: ${access}) { status message document { ${wholeDocument.fields} } }`).join(' ')} } ${wholeDocument.fragments}`,
    },
    {
      name: 'the regional records by ids',
      text: `{ patient(${asked}) { records { ${byIds('CheshireMerseyside')} ${byIds('LancashireSouthCumbria')} } } }`,
    },
    {
      name: 'filters that fit',
      text: `{ patient(${asked}) { results(filter: { codes: ["same-results"], all: true }) ${page} problems(status: [ACTIVE]) { nodes { id code { text } } } documents(filter: { types: ["same-documents"] }) ${page} } }`,
    },
  ]
}

/**
 * What an answer tells of a patient beyond what is shown: secrets, ids of items that tell none but secrets, digests.
 */
export function findUnshownFacts(
  text: string,
  n: number,
  { items, digests }: KnownFacts,
  isShown: (secret: string) => boolean,
): readonly string[] {
  const hidden = items.filter(({ id, secrets }) => !secrets.some(isShown) && text.includes(id))
  const isContentHidden = !isShown('cm-content') && !isShown('lsc-content')
  return [
    ...findSecrets(text, n).filter((secret) => !isShown(secret)),
    ...hidden.map(({ secrets }) => `the id of ${secrets.join(' and ')}`),
    ...(isContentHidden ? digests.filter((digest) => text.includes(digest)).map(() => 'the digest of a content') : []),
  ]
}

/** What the tests' viewer learns of a patient of whom all is released. */
export async function learnKnownFacts(system: System, n: number, token: string): Promise<KnownFacts> {
  const ask = async (isWanted: (field: string) => boolean) => {
    const { fields, fragments } = selectAll('Patient', 'fields', isWanted)
    const { data, errors } = await system.query(
      `{ patient(nhsNumber: "${numberOf(n)}") { ${fields} } } ${fragments}`,
      {},
      token,
    )
    if (errors.length > 0) throw new Error(JSON.stringify(errors))
    return data.patient
  }
  const view = await ask((field) => field !== 'records')
  const items = [...objectsIn(view)]
    .filter((one) => typeof one.id === 'string')
    .map((one) => ({ id: String(one.id), secrets: itemSecrets(one, n) }))
  const contents: readonly { readonly url: string; readonly sha256: string }[] = view.documents.nodes.flatMap(
    ({ content }: { content: unknown }) => content ?? [],
  )
  const cursorOf = (field: string) => view[field].edges[0].cursor
  return {
    items,
    documentIds: view.documents.nodes.map(({ id }: { id: string }) => id),
    urls: contents.map(({ url }) => url),
    digests: contents.map(({ sha256 }) => sha256),
    cursors: { results: cursorOf('results'), encounters: cursorOf('encounters'), documents: cursorOf('documents') },
  }
}

/** The places aside: every item of a region has the same. */
function itemSecrets(item: object, n: number): readonly string[] {
  return findSecrets(JSON.stringify(item), n).filter((secret) => !secret.endsWith('-place'))
}

function* objectsIn(value: unknown): Iterable<Readonly<Record<string, unknown>>> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value as Readonly<Record<string, unknown>>
  for (const inner of Object.values(value)) yield* objectsIn(inner)
}
