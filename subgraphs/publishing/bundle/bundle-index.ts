import { toBusinessIdentifier, toIdentifier, toUrnIdentifier } from '../datatypes/identifier.ts'
import type { Reference } from '../datatypes/reference.ts'
import type { ReferenceContext, ResolvedResource, Resource, ResourceDefinition } from '../resource-definition.ts'
import type { ParsedEntry, ParsedResource } from './parse-entry.ts'

/** What a reference leads to: an entry, or a resource contained in one. */
export interface ReferenceTarget extends ParsedResource {
  readonly entry: ParsedEntry
}

export interface BundleIndex {
  /**
   * What a reference that stands in an entry leads to; null where it leads out of the Bundle or may mean several
   * entries.
   */
  find(reference: Reference, from: ParsedEntry): ReferenceTarget | null
  toReferenceContext(entry: ParsedEntry): ReferenceContext
}

/**
 * Resolves references inside a Bundle, as FHIR R4 says (section 2.36.4.1, Resolving references in Bundles). The work is
 * linear in the Bundle: a reference costs its own length, whatever the length of the fullUrl it stands under. `onLook`
 * is told of each, with its characters.
 */
export function createBundleIndex(
  entries: readonly ParsedEntry[],
  onReferenceLookup: (characters: number) => void = () => {},
): BundleIndex {
  const byUrl = new Map<string, ParsedEntry>()
  /** Of fullUrls that are a base, a type and an id: by base, then `Type/id`. */
  const byBase = new Map<string, Map<string, ParsedEntry>>()
  const besideEntry = new Map<ParsedEntry, ReadonlyMap<string, ParsedEntry>>()
  const byTypeAndId = new Map<string, ParsedEntry | null>()
  const byIdentifier = new Map<string, ParsedEntry | null>()
  const referring = new Map<unknown, ReadonlyMap<number, readonly ResolvedResource<Resource>[]>>()
  for (const entry of entries) {
    if (entry.fullUrl !== null) {
      byUrl.set(toKey(entry.fullUrl), entry)
      const { base, relative } = cutBase(entry.fullUrl)
      if (base !== null) {
        const beside = byBase.get(base) ?? new Map<string, ParsedEntry>()
        byBase.set(base, beside.set(relative, entry))
        besideEntry.set(entry, beside)
      }
    }
    // Of what came, not of what was understood: a faulty resource is found too, and known as such.
    const { id } = entry.resource
    const { identifier: identifiers = [] } = entry.parsed?.resource ?? {}
    if (typeof id === 'string') putUnlessAmbiguous(byTypeAndId, `${entry.resourceType}/${id}`, entry)
    for (const { system = '', value } of identifiers)
      if (value !== undefined) putUnlessAmbiguous(byIdentifier, `${entry.resourceType} ${system} ${value}`, entry)
  }

  function find(reference: Reference, from: ParsedEntry): ReferenceTarget | null {
    const text = reference.reference?.replace(/\/_history\/[^/]*$/, '')
    onReferenceLookup((text?.length ?? 0) + (reference.identifier?.value?.length ?? 0))
    if (text?.startsWith('#')) {
      const contained = from.contained.get(text.slice(1))
      return contained ? { ...contained, entry: from } : null
    }
    const entry = (text === undefined ? null : findByText(text, from)) ?? findByIdentifier(reference)
    return entry?.parsed ? { ...entry.parsed, entry } : null
  }

  function findByText(text: string, from: ParsedEntry): ParsedEntry | null {
    const conditional = /^([A-Z]\w+)\?identifier=([^&]*)$/.exec(text)
    if (conditional) {
      const [system, value] = safelyDecode(conditional[2] ?? '').split('|')
      return (
        byIdentifier.get(
          value === undefined ? `${conditional[1]}  ${system}` : `${conditional[1]} ${system} ${value}`,
        ) ?? null
      )
    }
    return byUrl.get(toKey(text)) ?? besideEntry.get(from)?.get(text) ?? byTypeAndId.get(text) ?? null
  }

  function findByIdentifier({ identifier, type }: Reference): ParsedEntry | null {
    if (identifier?.value === undefined || type === undefined) return null
    return byIdentifier.get(`${type} ${identifier.system ?? ''} ${identifier.value}`) ?? null
  }

  function toReferenceContext(entry: ParsedEntry): ReferenceContext {
    return {
      fullUrl: entry.fullUrl,
      resolve: (reference, definition) => (reference ? toResolved(find(reference, entry), definition) : null),
      findIdentifier(reference) {
        const target = find(reference, entry)
        const inBundle =
          target &&
          toBusinessIdentifier(target.resource?.identifier, target.entry === entry ? null : target.entry.fullUrl)
        return (
          inBundle ??
          (reference.identifier ? toIdentifier(reference.identifier) : null) ??
          toUrnIdentifier(reference.reference ?? '')
        )
      },
      findReferrers<R extends Resource>(
        definition: ResourceDefinition<R>,
        referencesOf: (resource: R) => readonly Reference[],
      ) {
        const referrers = referring.get(referencesOf) ?? findReferrers(definition, referencesOf)
        referring.set(referencesOf, referrers)
        return (referrers.get(entry.index) ?? none) as readonly ResolvedResource<R>[]
      },
    }
  }

  function findReferrers<R extends Resource>(
    definition: ResourceDefinition<R>,
    referencesOf: (resource: R) => readonly Reference[],
  ): ReadonlyMap<number, readonly ResolvedResource<R>[]> {
    const referrers = new Map<number, ResolvedResource<R>[]>()
    for (const entry of entries) {
      const resolved = toResolved(entry.parsed && { ...entry.parsed, entry }, definition)
      const targets = new Set(
        (resolved ? referencesOf(resolved.resource) : []).map((reference) => find(reference, entry)?.entry.index),
      )
      for (const target of targets) {
        if (target === undefined || !resolved) continue
        const known = referrers.get(target)
        if (known) known.push(resolved)
        else referrers.set(target, [resolved])
      }
    }
    return referrers
  }

  function toResolved<R extends Resource>(
    target: ReferenceTarget | null,
    definition: ResourceDefinition<R>,
  ): ResolvedResource<R> | null {
    if (!target?.resource || target.definition.type !== definition.type) return null
    // The schema of this definition made the resource, so it is an R.
    return { resource: target.resource as R, context: toReferenceContext(target.entry) }
  }

  return { find, toReferenceContext: toReferenceContext }
}

const none: readonly ResolvedResource<Resource>[] = []

/** An http fullUrl as its base and `Type/id`; the base is null where it is of another form. */
function cutBase(fullUrl: string): { readonly base: string | null; readonly relative: string } {
  const beforeType = fullUrl.lastIndexOf('/', fullUrl.lastIndexOf('/') - 1) + 1
  const relative = fullUrl.slice(beforeType)
  return {
    base:
      beforeType > 0 && /^https?:/.test(fullUrl) && /^[A-Z]\w+\/[^/]+$/.test(relative)
        ? fullUrl.slice(0, beforeType)
        : null,
    relative,
  }
}

/** An entry under a key that only it has; null under one that several have, for then the key means none of them. */
function putUnlessAmbiguous(map: Map<string, ParsedEntry | null>, key: string, entry: ParsedEntry): void {
  map.set(key, map.has(key) && map.get(key) !== entry ? null : entry)
}

/** URNs are the same whatever their case (RFC 8141); URLs are not. */
function toKey(url: string): string {
  return /^urn:/i.test(url) ? url.toLowerCase() : url
}

function safelyDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
