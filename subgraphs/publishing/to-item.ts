import type * as Region from '../../schema/generated/region.ts'
import { toInstantMs } from '../../schema/partial-date-time.ts'
import type { SectionField } from '../../schema/sections.ts'
import type { ItemFields, Lifecycle, PublishedItem } from '../store/record-store.ts'
import { toSourceOrganisation } from './actors/to-employer.ts'
import type { Coding } from './datatypes/concept.ts'
import { toBusinessIdentifier } from './datatypes/identifier.ts'
import { toLabels } from './datatypes/labels.ts'
import { toVersion } from './datatypes/meta.ts'
import type { Reference } from './datatypes/reference.ts'
import type { PatientEntry, Resource } from './resource-definition.ts'

export interface ItemParts<S extends SectionField> {
  readonly section: S
  readonly fields: ItemFields<S>
  /** Times that may order the item; the first that is present counts. */
  readonly orderedBy: readonly (string | null | undefined)[]
  /** References that may name the source organisation; the first with an ODS code counts. */
  readonly sources: readonly (Reference | undefined)[]
  /** @default current */
  readonly lifecycle?: Lifecycle
  /** Security codings beyond those of meta. */
  readonly security?: readonly Coding[]
  /** @default [] */
  readonly replaces?: readonly Region.Identifier[]
  /** @default [] */
  readonly basedOn?: readonly Region.Identifier[]
  /** Distinguishes several items of one resource; appended to their identifiers. */
  readonly part?: string
  /** Whether the business identifier identifies the item across regions. @default true */
  readonly identified?: boolean
}

/** Builds an item with what every item has: identity, version, source, order and labels. */
export function toItem<S extends SectionField>(
  resource: Resource,
  entry: PatientEntry,
  parts: ItemParts<S>,
): PublishedItem<S> {
  const {
    section,
    fields,
    orderedBy,
    sources,
    lifecycle = 'current',
    security = [],
    replaces = [],
    basedOn = [],
    part = '',
    identified = true,
  } = parts
  const ordering = orderedBy.find((text) => typeof text === 'string')
  const identifier = identified ? toBusinessIdentifier(resource.identifier, entry.fullUrl) : null
  return {
    section,
    resourceType: entry.resourceType,
    entry: entry.index,
    nhsNumber: entry.nhsNumber,
    identifier: identifier && { ...identifier, value: identifier.value + part },
    resourceId: toResourceId(resource, entry) + part,
    version: toVersion(resource.meta),
    lastUpdated: resource.meta?.lastUpdated ?? null,
    organisation: toSourceOrganisation(sources, entry, entry.publisher),
    lifecycle,
    orderedAtMs: typeof ordering === 'string' ? toInstantMs(ordering) : null,
    labels: toLabels(resource.meta?.security, security),
    replaces,
    basedOn,
    fields,
  }
}

/** Identifies a resource at its source: by its id, else the fullUrl, else a digest. */
export function toResourceId({ id }: Resource, { fullUrl, digest }: PatientEntry): string {
  return id ?? fullUrl ?? digest()
}
