import type * as Region from '../../../schema/generated/region.ts'
import type { PublishedBy } from '../../store/published-by.ts'
import type { PublicationFault, RecordStore, UnattributedPublication } from '../../store/record-store.ts'
import { wholeBundle } from '../fault-list.ts'
import { findJsonExcess } from '../find-json-excess.ts'
import { parseFhirJson } from '../parse-fhir-json.ts'
import type { AssignedNumbers } from '../patient-number.ts'
import {
  type MappedBundle,
  type PublicationMapping,
  type ToPublicationOptions,
  toPublication,
} from '../to-publication.ts'
import { createImportTally, type ImportedPatient, type TypeTally } from './import-tally.ts'
import type { ImportRefusal } from './print-refusal.ts'
import { type BundleText, readBundles } from './read-bundles.ts'

export interface ImportOptions {
  readonly store: Pick<RecordStore, 'publish'>
  readonly files: Iterable<string>
  /** Who publishes, of all files. */
  readonly by: PublishedBy
  /** The source of items that name no organisation with an ODS code. */
  readonly publisher: Region.Organisation
  /** Gives every patient a number in the 999 range. @default false */
  readonly renumber?: boolean
  /** How many published things are stored in one transaction, at least. @default 5000 */
  readonly transactionSize?: number
  readonly onProgress?: (progress: ImportProgress) => void
  readonly onRefusal?: (refusal: ImportRefusal) => void
  /** Told of what a Bundle says that takes no effect yet; the Bundle is stored. */
  readonly onWarning?: (warning: ImportRefusal) => void
}

export interface ImportProgress {
  readonly bundles: number
  readonly entries: number
  readonly refused: number
  readonly file: string
}

export interface ImportReport {
  readonly bundles: number
  /** Bundles refused whole or, a batch, in part. */
  readonly refused: number
  readonly byType: ReadonlyMap<string, TypeTally>
  /** Of each Bundle, or batch entry, that was stored. */
  readonly patients: readonly ImportedPatient[]
}

interface PendingBundle {
  readonly source: BundleText
  readonly mapping: MappedBundle
}

/**
 * Publishes the Bundles of files, many in one transaction; each is stored whole or refused whole, and the others go on.
 */
export async function importFiles({
  store,
  files,
  by,
  publisher,
  renumber = false,
  transactionSize = 5000,
  onProgress,
  onRefusal,
  onWarning,
}: ImportOptions): Promise<ImportReport> {
  const given: AssignedNumbers = new Map()
  const tally = createImportTally()
  const patients: ImportedPatient[] = []
  const progress = { bundles: 0, entries: 0, refused: 0 }
  let waiting: PendingBundle[] = []
  let waitingSize = 0

  const refuse = ({ file, line }: BundleText, faults: readonly PublicationFault[]) => {
    progress.refused++
    onRefusal?.({ file, line, faults })
  }
  const flush = async () => {
    const outcomes = await store.publish(
      waiting.flatMap(({ mapping }) => mapping.publications.map((publication) => ({ ...publication, by }))),
    )
    let at = 0
    for (const { source, mapping } of waiting) {
      const own = outcomes.slice(at, at + mapping.publications.length)
      at += mapping.publications.length
      const faults = [
        ...mapping.faults,
        ...own.flatMap((outcome) => (outcome.status === 'refused' ? outcome.faults : [])),
      ]
      if (faults.length > 0) refuse(source, faults)
      const warnings = own.flatMap((outcome) => (outcome.status === 'stored' ? outcome.warnings : []))
      if (warnings.length > 0) onWarning?.({ file: source.file, line: source.line, faults: warnings })
      tally.add(mapping, own)
      const stored = mapping.publications.filter((_, index) => own[index]?.status === 'stored')
      patients.push(...listPatients(stored).map((patient) => ({ file: source.file, line: source.line, ...patient })))
    }
    waiting = []
    waitingSize = 0
  }

  for await (const source of readBundles(files)) {
    const mapping = toMapping(source.text, { publisher, renumber, assignedNumbers: given })
    progress.bundles++
    if (mapping.status === 'refused') refuse(source, mapping.faults)
    else {
      progress.entries += mapping.size
      waiting.push({ source, mapping })
      waitingSize += mapping.publications.reduce((size, publication) => size + toSize(publication), 0)
    }
    if (waitingSize >= transactionSize) await flush()
    onProgress?.({ ...progress, file: source.file })
  }
  await flush()
  return { bundles: progress.bundles, refused: progress.refused, byType: tally.byType, patients }
}

function toMapping(text: string | null, options: ToPublicationOptions): PublicationMapping {
  if (text === null) return unreadable
  const excess = findJsonExcess(text)
  if (excess !== null)
    return { status: 'refused', faults: [{ entry: wholeBundle, path: 'Bundle', code: 'too-costly', fault: excess }] }
  const bundle = parseFhirJson(text)
  return bundle ? toPublication(bundle.value, options) : notJson
}

const notJson = {
  status: 'refused',
  faults: [{ entry: wholeBundle, path: 'Bundle', code: 'structure', fault: 'expected JSON, found text that is none' }],
} as const
const unreadable = {
  status: 'refused',
  faults: [
    { entry: wholeBundle, path: 'Bundle', code: 'exception', fault: 'expected a file, found one that cannot be read' },
  ],
} as const

/** Those with a Patient first, by entry; then the numbers that items, opt-outs and referrals alone bear. */
function listPatients(
  publications: readonly UnattributedPublication[],
): readonly Pick<ImportedPatient, 'entry' | 'nhsNumber'>[] {
  const published = publications.flatMap(({ patients }) => patients)
  const referred = publications.flatMap(({ items, optOuts, referrals }) =>
    [...items, ...optOuts, ...referrals].map(({ nhsNumber }) => nhsNumber),
  )
  const others = new Set(referred).difference(new Set(published.map(({ nhsNumber }) => nhsNumber)))
  return [
    ...published.map(({ entry, nhsNumber }) => ({ entry, nhsNumber })),
    ...[...others].map((nhsNumber) => ({ entry: null, nhsNumber })),
  ]
}

/** In things to store; what documents hold counts by its length, so that a transaction stays within memory. */
function toSize({ patients, items, optOuts, referrals, contents }: UnattributedPublication): number {
  const bytesForOne = 16_384
  return (
    patients.length +
    items.length +
    optOuts.length +
    referrals.length +
    contents.reduce((size, { bytes }) => size + bytes.length / bytesForOne, 0)
  )
}
