import { readFileSync } from 'node:fs'

export interface Identifier {
  readonly system?: string
  readonly value?: string
  readonly use?: string
  readonly extension?: readonly { readonly url?: string; readonly valueCodeableConcept?: Concept }[]
}
export interface Concept {
  readonly coding?: readonly { readonly system?: string; readonly code?: string }[]
}
export interface Reference {
  readonly reference?: string
  readonly type?: string
  readonly identifier?: Identifier
  readonly display?: string
}

/** What of an R4 resource the comparison reads, unchecked: faulty Bundles are refused before they come here. */
export interface Resource {
  readonly resourceType: string
  readonly id?: string
  readonly meta?: {
    readonly versionId?: string
    readonly lastUpdated?: string
    readonly security?: readonly { readonly code?: string }[]
  }
  readonly contained?: readonly Resource[]
  readonly identifier?: readonly Identifier[]
  readonly masterIdentifier?: Identifier
  readonly status?: string
  readonly active?: boolean
  readonly verificationStatus?: Concept
  readonly code?: Concept
  readonly subject?: Reference
  readonly patient?: Reference
  readonly participant?: readonly { readonly actor?: Reference }[]
  readonly start?: string
  readonly basedOn?: readonly Reference[]
  readonly result?: readonly Reference[]
  readonly presentedForm?: readonly unknown[]
  readonly conclusion?: string
  readonly contact?: readonly unknown[]
  readonly generalPractitioner?: readonly Reference[]
}

export interface Entry {
  /** Its place among the Bundle's entries. */
  readonly index: number
  readonly fullUrl: string | null
  readonly resource: Resource
}

/** A Bundle that was imported: all of it, or of a batch the entries that were not refused. */
export interface PublishedBundle {
  readonly slug: string
  readonly file: string
  readonly line: number | null
  readonly entries: readonly Entry[]
  /** The entry that a reference standing in another leads to. */
  find(reference: Reference, from: Entry): Entry | null
}

/** A Bundle that the import refused; of a batch, the entries it names. */
export interface Refusal {
  readonly slug: string
  readonly file: string
  readonly line: number | null
  readonly faults: readonly { readonly entry: number }[]
}

/**
 * The Bundles of each region's files (.ndjson: one a line, any other: one), in the order in which they are imported,
 * without what was refused.
 */
export function* readPublished(
  files: ReadonlyMap<string, readonly string[]>,
  refusals: readonly Refusal[],
): Generator<PublishedBundle, void, undefined> {
  for (const [slug, paths] of files) {
    for (const file of paths) {
      for (const { line, text } of readTexts(file)) {
        const refusal = refusals.find((one) => one.slug === slug && one.file === file && one.line === line)
        // Only a batch is refused in part, and only by entries; what is no JSON has no entry.
        if (refusal?.faults.some(({ entry }) => entry < 0)) continue
        const bundle: {
          readonly type?: string
          readonly entry?: readonly { readonly fullUrl?: string; readonly resource?: Resource }[]
        } = JSON.parse(text)
        if (refusal && bundle.type !== 'batch') continue
        const refused = new Set(refusal?.faults.map(({ entry }) => entry))
        const entries = (bundle.entry ?? []).flatMap(({ fullUrl, resource }, index) =>
          resource && !refused.has(index) ? [{ index, fullUrl: fullUrl ?? null, resource }] : [],
        )
        yield { slug, file, line, entries, find: createFinder(entries) }
      }
    }
  }
}

function readTexts(file: string): readonly { readonly line: number | null; readonly text: string }[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch {
    // The import refused it, and said why.
    return []
  }
  if (!file.endsWith('.ndjson')) return [{ line: null, text }]
  return text.split('\n').flatMap((one, index) => (one.trim() === '' ? [] : [{ line: index + 1, text: one }]))
}

/**
 * Resolves references as FHIR R4 says (2.36.4.1): by fullUrl, beside the fullUrl of where they stand, by type and id,
 * by identifier.
 */
function createFinder(entries: readonly Entry[]): PublishedBundle['find'] {
  const byUrl = new Map(
    entries.flatMap((entry) => (entry.fullUrl === null ? [] : [[toUrl(entry.fullUrl), entry] as const])),
  )
  const byTypeAndId = Map.groupBy(entries, ({ resource }) => `${resource.resourceType}/${resource.id}`)
  const byIdentifier = Map.groupBy(
    entries.flatMap((entry) =>
      (entry.resource.identifier ?? []).map(({ system = '', value }) => ({
        entry,
        key: `${entry.resource.resourceType}?${system}|${value}`,
      })),
    ),
    ({ key }) => key,
  )
  const onlyOf = (key: string) => {
    const found = new Set(byIdentifier.get(key)?.map(({ entry }) => entry))
    return found.size === 1 ? ([...found][0] ?? null) : null
  }
  return ({ reference, type, identifier }, from) => {
    const text = reference?.replace(/\/_history\/[^/]*$/, '')
    if (text?.startsWith('#')) return null
    const base = /^(https?:.*\/)[A-Z]\w+\/[^/]+$/.exec(from.fullUrl ?? '')?.[1]
    const sameTypeAndId = text === undefined ? [] : (byTypeAndId.get(text) ?? [])
    const conditional = /^([A-Z]\w+)\?identifier=([^&]*)$/.exec(text ?? '')
    const [system = '', value] = conditional?.[2]?.includes('|')
      ? conditional[2].split('|').map(decodeURIComponent)
      : ['', conditional?.[2]]
    return (
      (text === undefined ? null : (byUrl.get(toUrl(text)) ?? byUrl.get(`${base}${text}`))) ??
      (sameTypeAndId.length === 1 ? sameTypeAndId[0] : null) ??
      (conditional ? onlyOf(`${conditional[1]}?${system}|${value}`) : null) ??
      (type !== undefined && identifier?.value !== undefined
        ? onlyOf(`${type}?${identifier.system ?? ''}|${identifier.value}`)
        : null)
    )
  }
}

/** URNs are the same whatever their case. */
function toUrl(url: string): string {
  return /^urn:/i.test(url) ? url.toLowerCase() : url
}
