import { loadPublishers } from '../../../schema/publishers.ts'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import { importFiles } from '../../../subgraphs/publishing/importing/import-files.ts'
import type { ImportRefusal } from '../../../subgraphs/publishing/importing/print-refusal.ts'
import { toPublishedBy } from '../../../subgraphs/store/published-by.ts'
import { type System, startSystem } from '../system.ts'
import { loadTestRegions } from '../test-regions.ts'
import { type Comparison, compare, type ShownItem } from './compare.ts'
import { toExpected } from './expected-items.ts'
import { createOpenPolicies } from './open-policies.ts'
import { type AssignedNumber, createPatientNumbers } from './patient-numbers.ts'
import { readPublished } from './published-bundle.ts'
import { printIdentifier } from './published-items.ts'
import { readView, type View } from './read-view.ts'

export interface Reconciliation extends Comparison {
  readonly patients: number
  readonly refusals: readonly (ImportRefusal & { readonly slug: string })[]
  /** Views that are not whole: the patient's number, and what the view says of a section. */
  readonly incomplete: readonly { readonly nhsNumber: string; readonly message: string }[]
}

export interface ReconcileOptions {
  /** @default those of the tests */
  readonly regions?: readonly RegionConfiguration[] | undefined
  /** File of the list of publishers. @default schema/publishers.json */
  readonly publishers?: string | undefined
  readonly files: ReadonlyMap<string, readonly string[]>
  /** @default false */
  readonly renumber?: boolean
  readonly onProgress?: (line: string) => void
  readonly onRefusal?: (refusal: ImportRefusal) => void
}

/**
 * Imports the files into a new store for each region, whose rules withhold only what the files mark, and compares each
 * patient's whole view with the files.
 */
export async function reconcile({
  regions = loadTestRegions(),
  publishers,
  files,
  renumber = false,
  onProgress = () => {},
  onRefusal,
}: ReconcileOptions): Promise<Reconciliation> {
  await using system = await startSystem({ regions, publishers, storePolicies: createOpenPolicies })
  const given: AssignedNumber[] = []
  const refusals: (ImportRefusal & { readonly slug: string })[] = []
  for (const [slug, paths] of files) {
    const region = regions.find((one) => one.slug === slug)
    if (!region) throw new Error(`Expected files of listed regions, found those of ${slug}`)
    const { office } = loadPublishers(region, publishers)
    const { bundles, refused, patients } = await importFiles({
      store: system.store(slug),
      files: paths,
      renumber,
      by: toPublishedBy(office, { via: 'import', person: null, requestId: 'reconcile' }),
      publisher: { odsCode: office.odsCode, name: null },
      onRefusal(refusal) {
        refusals.push({ slug, ...refusal })
        onRefusal?.(refusal)
      },
    })
    for (const patient of patients) given.push({ slug, ...patient })
    onProgress(`${slug}: ${bundles} Bundles read, ${refused} refused`)
  }
  const views = await readViews(system, new Set(given.map(({ nhsNumber }) => nhsNumber)))
  onProgress(`${views.size} patients viewed`)
  const published = [...readPublished(files, refusals)]
  const numbers = createPatientNumbers(published, renumber ? given : null)
  const inForce = new Map([...views].map(([asked, { nhsNumber }]) => [asked, nhsNumber]))
  const expected = toExpected(published, {
    ofEntry(entry, bundle) {
      const nhsNumber = numbers.ofEntry(entry, bundle)
      return nhsNumber === null ? null : (inForce.get(nhsNumber) ?? nhsNumber)
    },
  })
  return {
    patients: views.size,
    ...compare(expected, listShown(system, [...views.values()])),
    refusals,
    incomplete: [...views.values()].flatMap(({ nhsNumber, incomplete }) =>
      incomplete.map((message) => ({ nhsNumber, message })),
    ),
  }
}

/** By the number asked. */
async function readViews(system: System, nhsNumbers: Iterable<string>): Promise<ReadonlyMap<string, View>> {
  const token = await system.token()
  const views = new Map<string, View>()
  for (const nhsNumber of nhsNumbers) views.set(nhsNumber, await readView(system, nhsNumber, token))
  return views
}

/** What the views show. A patient asked by an earlier number too shows the same again, which counts once. */
function listShown(system: System, views: readonly View[]): readonly ShownItem[] {
  const slugs = new Map(system.regions.map(({ code, slug }) => [code, slug]))
  return [...Map.groupBy(views, ({ nhsNumber }) => nhsNumber)].flatMap(([nhsNumber, [first, ...others]]) => {
    const seen = new Set(first?.items.map(({ id }) => id))
    const more = others.flatMap(({ items }) => items.filter(({ id }) => !seen.has(id)))
    return [...(first?.items ?? []), ...more].map(({ section, sources, report }) => ({
      nhsNumber,
      section,
      key:
        sources.map(({ identifier }) => identifier && printIdentifier(identifier)).find((key) => key !== null) ?? null,
      regions: sources.flatMap(({ region }) => slugs.get(region) ?? []),
      reported: report !== null,
    }))
  })
}
