import { importFiles } from '../../subgraphs/publishing/importing/import-files.ts'
import type { Publication } from '../../subgraphs/store/record-store.ts'
import { type Slug, startSystem } from '../support/system.ts'
import { type PublishedCounts, readExpected, sectionOf } from './expected-items.ts'
import { readView } from './read-view.ts'

/** One resource type, in and out. */
export interface ReconciledType {
  readonly resourceType: string
  /** Entries in the files, by region. */
  readonly read: ReadonlyMap<Slug, number>
  /** Different items among them that the view covers, and those of them published to both regions. Null: the view shows no items of this type. */
  readonly expected: { readonly items: number; readonly inBoth: number } | null
  /** Of the expected: shown exactly once, with exactly the regions that it was published to as sources. */
  readonly shownOnce: number
  readonly missing: number
  readonly repeated: number
  readonly wrongSources: number
}

export interface Reconciliation {
  readonly patients: number
  readonly types: readonly ReconciledType[]
  /** Items of the view that no file holds. */
  readonly invented: number
  /** Observations named by a DiagnosticReport, and how many of them bear its name in the view. */
  readonly reported: { readonly expected: number; readonly shown: number }
  readonly refusedBundles: number
}

export interface ReconcileOptions {
  readonly files: ReadonlyMap<Slug, readonly string[]>
  readonly renumber: boolean
  readonly onProgress?: (line: string) => void
}

/** Imports the files into two new stores, reads each patient's whole view through the gateway, and compares the two. */
export async function reconcile({ files, renumber, onProgress = () => {} }: ReconcileOptions): Promise<Reconciliation> {
  await using system = await startSystem()
  const nhsNumbers = new Set<string>()
  let refusedBundles = 0
  for (const [slug, paths] of files) {
    const publish = (publications: readonly Publication[]) => {
      for (const { patients } of publications) for (const { nhsNumber } of patients) nhsNumbers.add(nhsNumber)
      return system.store(slug).publish(publications)
    }
    const { bundles, refused } = await importFiles({
      store: { publish },
      files: paths,
      renumber,
      publisher: { odsCode: slug === 'cheshire-merseyside' ? 'QYG' : 'QE1', name: null },
    })
    refusedBundles += refused
    onProgress(`${slug}: ${bundles} Bundles imported, ${refused} refused`)
  }
  const token = await system.token()
  const codes = new Map(system.regions.map(({ code, slug }) => [code, slug as Slug]))
  const shown = new Map<string, { times: number; regions: Slug[]; report: boolean }>()
  for (const nhsNumber of nhsNumbers) {
    for (const { section, sources, report } of await readView(system, nhsNumber, token)) {
      // Contacts within a Patient are not items of the files: they bear no identifier.
      const identifier = sources.find((source) => source.identifier)?.identifier
      if (!identifier) continue
      const key = `${section} ${identifier.system === 'urn:ietf:rfc:3986' ? '' : `${identifier.system}|`}${identifier.value}`
      const known = shown.get(key)
      shown.set(key, { times: (known?.times ?? 0) + 1, regions: [...(known?.regions ?? []), ...sources.flatMap(({ region }) => codes.get(region) ?? [])], report: report !== null })
    }
  }
  onProgress(`${nhsNumbers.size} patients viewed`)
  return { patients: nhsNumbers.size, ...compare(readExpected(files), shown), refusedBundles }
}

function compare(
  { entries, items, reported }: PublishedCounts,
  shown: ReadonlyMap<string, { readonly times: number; readonly regions: readonly Slug[]; readonly report: boolean }>,
) {
  const keyOf = (resourceType: string, key: string) => `${sectionOf[resourceType]} ${key}`
  const types = [...entries].map(([resourceType, read]): ReconciledType => {
    const expected = [...items.values()].filter((item) => item.resourceType === resourceType)
    const outcomes = expected.map(({ key, regions }) => {
      const found = shown.get(keyOf(resourceType, key))
      if (!found) return 'missing'
      if (found.times > 1) return 'repeated'
      return found.regions.length === regions.size && found.regions.every((region) => regions.has(region)) ? 'once' : 'wrong sources'
    })
    const count = (outcome: string) => outcomes.filter((one) => one === outcome).length
    return {
      resourceType,
      read,
      expected: sectionOf[resourceType] ? { items: expected.length, inBoth: expected.filter(({ regions }) => regions.size > 1).length } : null,
      shownOnce: count('once'),
      missing: count('missing'),
      repeated: count('repeated'),
      wrongSources: count('wrong sources'),
    }
  })
  const known = new Set([...items.values()].map(({ resourceType, key }) => keyOf(resourceType, key)))
  const named = [...reported].filter((key) => items.has(`Observation ${key}`))
  return {
    types: types.sort((a, b) => a.resourceType.localeCompare(b.resourceType)),
    invented: [...shown.keys()].filter((key) => !known.has(key)).length,
    reported: { expected: named.length, shown: named.filter((key) => shown.get(`results ${key}`)?.report).length },
  }
}
