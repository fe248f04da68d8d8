import { type DemoRegion, demoRegions } from '../vocabulary/person.ts'
import type { HeldItem, Holding, Holdings } from './holding.ts'

/** Counts by name; a name that is absent was not met. */
export type Counts = Readonly<Record<string, number>>

export interface RegionCensus {
  readonly people: Counts
  /** Current ones by section. */
  readonly items: Counts
  /** All and by lifecycle, and how many have content or are restricted. */
  readonly documents: Counts
  readonly documentTypes: Counts
  readonly documentOrganisations: Counts
}

export interface Census {
  readonly regions: ReadonlyMap<DemoRegion, RegionCensus>
  /** Of the people in both regions. */
  readonly shared: Counts
}

/** Counts people and what is held of them, in constant memory. */
export async function takeCensus(people: Iterable<Holdings> | AsyncIterable<Holdings>): Promise<Census> {
  const regions = new Map(demoRegions.map((region) => [region, createRegionCensus()]))
  const shared: Record<string, number> = {}
  for await (const holdings of people) {
    for (const [region, holding] of holdings) regions.get(region)?.count(holding)
    const [one, other] = [...holdings.values()]
    if (one && other) countShared(shared, one, other)
  }
  return { regions: new Map([...regions].map(([region, { census }]) => [region, census])), shared }
}

function createRegionCensus() {
  const census = { people: {}, items: {}, documents: {}, documentTypes: {}, documentOrganisations: {} }
  return { census: census as RegionCensus, count: (holding: Holding) => count(census, holding) }
}

type Counting = Record<string, number>

function count(census: { readonly [name in keyof RegionCensus]: Counting }, holding: Holding): void {
  const { verified, sensitive, deceased, renumbered, optedOut, items } = holding
  const person = [
    'all',
    !verified && 'unverified',
    sensitive && 'sensitive',
    deceased && 'deceased',
    renumbered && 're-numbered',
    optedOut && `opted out ${optedOut}`,
  ]
  for (const name of person) if (name) add(census.people, name)
  for (const item of items) countItem(census, item)
}

function countItem(
  census: { readonly [name in keyof RegionCensus]: Counting },
  { section, lifecycle, document }: HeldItem,
): void {
  add(census.items, lifecycle === 'current' ? section : `${section}, ${lifecycle}`)
  if (!document) return
  add(census.documents, 'all')
  add(census.documents, lifecycle)
  if (document.hasContent) add(census.documents, 'with content')
  if (document.isRestricted) add(census.documents, 'restricted or sensitive')
  add(census.documentTypes, document.type)
  add(census.documentOrganisations, document.organisation)
}

function countShared(shared: Counting, one: Holding, other: Holding): void {
  add(shared, 'people')
  if (one.demographics !== other.demographics) add(shared, 'people whose demographics differ')
  if (one.birthDate !== other.birthDate) add(shared, 'people whose birth dates differ')
  const known = new Set(one.items.map(({ identifier }) => identifier))
  const same = other.items.filter(({ identifier }) => identifier !== null && known.has(identifier))
  shared['items of both regions'] = (shared['items of both regions'] ?? 0) + same.length
  if (same.length === 0) add(shared, 'people re-minted: no item proves to be the same')
  const lifecycles = new Map(one.items.map(({ identifier, lifecycle }) => [identifier, lifecycle]))
  for (const { identifier, lifecycle } of same)
    if (lifecycles.get(identifier) !== lifecycle) add(shared, 'items current in one region only')
}

function add(counts: Counting, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1
}
