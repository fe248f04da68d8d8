import type { PublishedItem, UnattributedPublication } from '../../store/record-store.ts'
import { demoRegions } from '../vocabulary/person.ts'
import {
  type HeldItem,
  type Holding,
  type Holdings,
  toComparable,
  toHeldDocument,
  toIdentifierText,
} from './holding.ts'
import { type OutlinesOptions, outlines } from './outlines.ts'
import { population } from './population.ts'

/** What the stores will hold of each person, by what will be published. */
export function* promisedHoldings({
  seed,
  scale,
  now,
}: OutlinesOptions & { readonly now: Date }): Generator<Holdings, void, undefined> {
  const published = demoRegions.map((region) => [region, population({ region, seed, scale, now })] as const)
  for (const { documents } of outlines({ seed, scale })) {
    const holding = published.filter(([region]) => documents.has(region))
    yield new Map(
      holding.map(([region, publications]) => {
        const { value } = publications.next()
        if (!value) throw new Error('Population: expected as many publications as outlines, found fewer.')
        return [region, toHolding(value)]
      }),
    )
  }
}

function toHolding({ patients: [patient], items, optOuts }: UnattributedPublication): Holding {
  if (!patient) throw new Error('Population: expected a demographic record in each publication, found none.')
  const replaced = new Set(items.flatMap(({ replaces }) => replaces.map(toIdentifierText)))
  return {
    verified: patient.verification === '01',
    sensitive: patient.sensitive,
    deceased: patient.fields.deceased,
    renumbered: patient.supersedes.length > 0,
    optedOut:
      optOuts[0] === undefined ? null : optOuts[0].organisation === null ? 'of the region' : 'of an organisation',
    birthDate: patient.fields.birthDate,
    demographics: toComparable(patient.fields),
    items: items.map((item) => toHeldItem(item, replaced)),
  }
}

function toHeldItem(item: PublishedItem, replaced: ReadonlySet<string | null>): HeldItem {
  const identifier = toIdentifierText(item.identifier)
  const { section, organisation, labels, lifecycle } = item
  return {
    section,
    identifier,
    lifecycle: lifecycle === 'current' && identifier !== null && replaced.has(identifier) ? 'superseded' : lifecycle,
    document: isDocument(item) ? toHeldDocument(item.fields, organisation, labels) : null,
  }
}

function isDocument(item: PublishedItem): item is PublishedItem<'documents'> {
  return item.section === 'documents'
}
