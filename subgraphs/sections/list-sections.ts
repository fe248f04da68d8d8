import type * as Region from '../../schema/generated/region.ts'
import { toInstantMs } from '../../schema/partial-date-time.ts'
import type { ListSectionField, SectionItems } from '../../schema/sections.ts'
import { redactItemLocations } from '../release/redact-locations.ts'
import { type ReleasedRecord, toSectionAnswer } from '../release/released-record.ts'
import type { StoredItem } from '../store/record-store.ts'
import { isShownByDefault } from './default-medications.ts'
import { foldTherapies } from './fold-therapies.ts'
import { toDayMonthsBefore, toWindow } from './windows.ts'

/** Most items that a list section serves. */
const maxSectionItems = 1_000

interface ListSection<S extends ListSectionField> {
  readonly answer: Region.SectionAnswerCode
  readonly withheld: boolean
  readonly truncated: boolean
  readonly window: Region.Window | null
  readonly nodes: readonly SectionItems[S][]
}

interface ListOptions<S extends ListSectionField> {
  /** Selects the stored items that the section shows. */
  readonly select?: (items: readonly StoredItem<S>[]) => readonly StoredItem<S>[]
  readonly window?: Region.Window | null
}

/** Reads a list section within the patient's release. */
export async function readListSection<S extends ListSectionField>(
  record: ReleasedRecord,
  section: S,
  { select = (items) => items, window = null }: ListOptions<S> = {},
): Promise<ListSection<S>> {
  const read = await record.loaders.readList(section, record.patient.key)
  const selected = select(read.items)
  const nodes = selected
    .slice(0, maxSectionItems)
    .map(({ item }) => (record.patient.sensitive ? redactItemLocations(section, item) : item))
  const answer = toSectionAnswer(record, section, { isRecorded: nodes.length > 0, withheld: read.withheld })
  return { ...answer, truncated: selected.length > maxSectionItems || read.hasMore, window, nodes }
}

/** Creates the resolvers of Record's list sections. A missing section does not compile. */
export function createListSections(now: () => number) {
  return {
    alerts: (record: ReleasedRecord) => readListSection(record, 'alerts'),
    allergies: readAllergies,
    problems: (record: ReleasedRecord, { status }: Partial<Region.RecordProblemsArgs>) =>
      readListSection(record, 'problems', {
        select: (items) =>
          items.filter(({ item }) => !status || (item.status !== null && status.includes(item.status))),
      }),
    medications: (record: ReleasedRecord, { status, all }: Partial<Region.RecordMedicationsArgs>) => {
      const nowMs = now()
      const isShown = ({ item }: StoredItem<'medications'>) =>
        status ? status.includes(item.status) : all || isShownByDefault(item, nowMs)
      const { window } = toWindow({ all: all || Boolean(status) }, nowMs, 12)
      return readListSection(record, 'medications', { select: (items) => foldTherapies(items).filter(isShown), window })
    },
    immunisations: (record: ReleasedRecord) => readListSection(record, 'immunisations'),
    procedures: (record: ReleasedRecord, { since }: Partial<Region.RecordProceduresArgs>) =>
      readSince(record, 'procedures', since ?? null),
    carePlans: (record: ReleasedRecord) => readListSection(record, 'carePlans'),
    contacts: (record: ReleasedRecord) => readListSection(record, 'contacts'),
    appointments: (record: ReleasedRecord, { since }: Partial<Region.RecordAppointmentsArgs>) =>
      readSince(record, 'appointments', since ?? toDayMonthsBefore(now(), 0)),
  } satisfies { readonly [S in ListSectionField]: (record: ReleasedRecord, args: never) => Promise<ListSection<S>> }
}

function readSince<S extends ListSectionField>(
  record: ReleasedRecord,
  section: S,
  since: string | null,
): Promise<ListSection<S>> {
  const fromMs = since === null ? null : toInstantMs(since)
  if (fromMs === null) return readListSection(record, section)
  const isSince = ({ item }: StoredItem<S>) => item.orderedAt !== null && Date.parse(item.orderedAt) >= fromMs
  return readListSection(record, section, {
    select: (items) => items.filter(isSince),
    window: { from: since, to: null },
  })
}

/**
 * "No known allergy" makes the answer ASSERTED_NONE. Beside active allergies it stays an entry, because it contradicts
 * them.
 */
async function readAllergies(
  record: ReleasedRecord,
): Promise<ListSection<'allergies'> & { readonly assertedNone: boolean }> {
  const section = await readListSection(record, 'allergies', {
    select: (items) => items.filter(({ item }) => !isNoKnownAllergy(item)),
  })
  const { items } = await record.loaders.readList('allergies', record.patient.key)
  const assertedNone = items.some(({ item }) => isNoKnownAllergy(item) && isActiveAllergy(item))
  return {
    ...section,
    answer: assertedNone && section.nodes.length === 0 ? 'ASSERTED_NONE' : section.answer,
    assertedNone,
  }
}

/**
 * Whether the entry states no known allergy at all. "No known drug allergy" (409137002) says less, so it is an ordinary
 * entry.
 */
export function isNoKnownAllergy({ substance }: Region.Allergy): boolean {
  return substance.codings.some(({ system, code }) => system === 'http://snomed.info/sct' && code === '716186003')
}

/** Whether the entry's status is still in force. */
export function isActiveAllergy({ status }: Region.Allergy): boolean {
  return status !== 'INACTIVE' && status !== 'RESOLVED'
}
