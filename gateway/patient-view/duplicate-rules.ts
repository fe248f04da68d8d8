import type * as Region from '../../schema/generated/region.ts'
import { toInstantMs, toPeriod } from '../../schema/partial-date-time.ts'
import type { RegionalItem } from './group-items.ts'

/** When two items of a section look the same though nothing proves it (domain.md, Sections of the view). */
export interface DuplicateRule<Item> {
  /** The fields that are read of an item, beside those of all. */
  readonly fields: readonly string[]
  /** Items without a key in common are not alike; an item without keys is like no other. */
  readonly keys: (item: Item) => readonly string[]
  /** Places are among the keys: to name items alike would tell of a patient whose location is protected which places are one. @default false */
  readonly comparesLocations?: true
  /** Whether two items with a key in common are alike. */
  readonly isDuplicate?: (a: Item, b: Item) => boolean
}

export const duplicateRules: Readonly<Record<string, DuplicateRule<never>>> = {
  alerts: { fields: ['code'], keys: ({ code }: Region.Alert) => conceptKeys(code) },
  allergies: { fields: ['substance'], keys: ({ substance }: Region.Allergy) => conceptKeys(substance) },
  problems: {
    fields: ['code', 'onset'],
    keys: ({ code }: Region.Problem) => conceptKeys(code),
    isDuplicate: (a: Region.Problem, b: Region.Problem) => withinAMonth(a.onset, b.onset),
  },
  medications: {
    fields: ['medicine', 'dosage', 'started', 'ended'],
    keys: ({ medicine, dosage }: Region.Medication) => combineKeys(conceptKeys(medicine), [normalise(dosage ?? '')]),
    isDuplicate: (a: Region.Medication, b: Region.Medication) => periodsOverlap(a, b),
  },
  immunisations: {
    fields: ['vaccine', 'given'],
    keys: ({ vaccine, given }: Region.Immunisation) => combineKeys(conceptKeys(vaccine), dayKeys(given)),
  },
  procedures: {
    fields: ['code', 'performed'],
    keys: ({ code, performed }: Region.Procedure) => combineKeys(conceptKeys(code), dayKeys(performed)),
  },
  carePlans: {
    fields: ['category', 'start'],
    keys: ({ category, start }: Region.CarePlan) => combineKeys(category ? conceptKeys(category) : [], dayKeys(start)),
  },
  contacts: {
    fields: ['name', 'relationship'],
    comparesLocations: true,
    keys: ({ name, relationship }: Region.Contact) =>
      name ? combineKeys([normalise(name)], relationship ? textKeys(relationship) : ['']) : [],
  },
  appointments: {
    fields: ['start'],
    comparesLocations: true,
    keys: ({ start, organisation }: Region.Appointment) =>
      combineKeys(instantKeys(start), organisationKeys(organisation)),
  },
  results: {
    fields: ['code', 'effective', 'quantity', 'value', 'components'],
    keys: (result: Region.Result) =>
      combineKeys(combineKeys(conceptKeys(result.code), instantKeys(result.effective)), [valueKey(result)]),
  },
  encounters: {
    fields: ['class', 'provider', 'start'],
    comparesLocations: true,
    keys: ({ class: encounterClass, provider, organisation }: Region.Encounter) =>
      combineKeys(encounterClass ? [encounterClass] : [], organisationKeys(provider, organisation)),
    isDuplicate: (a: Region.Encounter, b: Region.Encounter) => withinAnHour(a.start, b.start),
  },
  documents: {
    fields: ['content', 'type', 'author', 'custodian', 'created'],
    comparesLocations: true,
    keys: ({ content, type, author, custodian, organisation, created }: Region.Document) => [
      ...(content ? [content.sha256] : []),
      ...combineKeys(
        combineKeys(conceptKeys(type), instantKeys(created)),
        organisationKeys(author?.organisation, custodian, organisation),
      ),
    ],
  },
}

/** The fields of a section's items by which they look the same. */
export function duplicateRuleFields(section: string): readonly string[] {
  return duplicateRules[section]?.fields ?? []
}

/** Whether to name items of the section that look the same would tell places. */
export function comparesLocations(section: string): boolean {
  return duplicateRules[section]?.comparesLocations ?? false
}

/** For each item, the ids of the others that look the same; items that are alone are absent. */
export function findPossibleDuplicates(
  section: string,
  items: readonly RegionalItem[],
): ReadonlyMap<string, readonly string[]> {
  const { keys, isDuplicate } = (duplicateRules[section] ?? {
    fields: [],
    keys: () => [],
  }) as DuplicateRule<RegionalItem>
  const found = new Map<string, Set<string>>()
  const link = (a: RegionalItem, b: RegionalItem) => found.set(a.id, (found.get(a.id) ?? new Set()).add(b.id))
  for (const [a, b] of findPairs(items, keys)) if (!isDuplicate || isDuplicate(a, b)) link(a, b)
  // One business identifier at two instants: two items on a timeline, and surely alike.
  for (const [a, b] of findPairs(items, ({ identifier }) =>
    identifier ? [`${identifier.system}|${identifier.value}`] : [],
  ))
    link(a, b)
  return new Map([...found].map(([id, others]) => [id, [...others].sort()]))
}

/** Every two items, both ways round, that have a key in common. */
function* findPairs(
  items: readonly RegionalItem[],
  keys: (item: RegionalItem) => readonly string[],
): Iterable<readonly [RegionalItem, RegionalItem]> {
  const buckets = new Map<string, RegionalItem[]>()
  for (const item of items) {
    for (const key of keys(item)) {
      const bucket = buckets.get(key)
      if (!bucket) buckets.set(key, [item])
      else if (bucket.at(-1) !== item) bucket.push(item)
    }
  }
  for (const bucket of buckets.values())
    if (bucket.length > 1) for (const a of bucket) for (const b of bucket) if (a !== b) yield [a, b]
}

/** Keys that hold where one of each list does; none where a list is empty, for what is unknown is like nothing. */
function combineKeys(some: readonly string[], others: readonly string[]): readonly string[] {
  return some.flatMap((one) => others.map((other) => `${one} ${other}`))
}

/** A concept's codes; without any, its words. */
function conceptKeys({ codings, text }: Region.Concept): readonly string[] {
  return codings.length > 0 ? codings.map(({ system, code }) => `${system ?? ''}|${code}`) : [normalise(text)]
}

/** A concept's codes and its words: either may be all that another source has. */
function textKeys(concept: Region.Concept): readonly string[] {
  return [normalise(concept.text), ...conceptKeys(concept)]
}

function normalise(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase()
}

/** The first organisation that is recorded, by its code, else its name. */
function organisationKeys(...organisations: readonly (Region.Organisation | null | undefined)[]): readonly string[] {
  const [key] = organisations.flatMap(
    (organisation) => organisation?.odsCode ?? (organisation?.name ? normalise(organisation.name) : []),
  )
  return key === undefined ? [] : [key]
}

/** Instants by their moment, whatever their offset; less exact dates by what is known of them. */
function instantKeys(date: string | null): readonly string[] {
  if (date === null) return []
  return [date.includes('T') ? String(toInstantMs(date)) : date]
}

const londonDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London' })

/** Days in Europe/London; less exact dates by what is known of them. */
function dayKeys(date: string | null): readonly string[] {
  if (date === null) return []
  const instantMs = date.includes('T') ? toInstantMs(date) : null
  return [instantMs === null ? date : londonDay.format(instantMs)]
}

/** A result's value: the amount whatever its trailing zeros, the words, and those of its components. */
function valueKey({ quantity, value, components }: Region.Result): string {
  const own = quantity
    ? `${quantity.comparator ?? ''} ${withoutTrailingZeros(quantity.value)} ${quantity.unit ?? quantity.code ?? ''}`
    : (value ?? '')
  return JSON.stringify([own, ...components.map((component) => [conceptKeys(component.code), component.value])])
}

function withoutTrailingZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal
}

const monthMs = 31 * 24 * 60 * 60 * 1000

function withinAMonth(a: string | null, b: string | null): boolean {
  if (a === null || b === null) return true
  return gapMs(a, b) <= monthMs
}

function withinAnHour(a: string | null, b: string | null): boolean {
  return a !== null && b !== null && gapMs(a, b) <= 60 * 60 * 1000
}

/** The least time between anything in one period and anything in the other. */
function gapMs(a: string, b: string): number {
  const first = toPeriod(a)
  const second = toPeriod(b)
  if (!first || !second) return Number.POSITIVE_INFINITY
  return Math.max(0, first.startMs - second.endMs, second.startMs - first.endMs)
}

/** Whether two medicines' dates overlap; one without a start began before, one without an end goes on. */
function periodsOverlap(a: Region.Medication, b: Region.Medication): boolean {
  const span = ({ started, ended }: Region.Medication) =>
    [
      (started && toPeriod(started)?.startMs) ?? Number.NEGATIVE_INFINITY,
      (ended && toPeriod(ended)?.endMs) ?? Number.POSITIVE_INFINITY,
    ] as const
  const [aFrom, aTo] = span(a)
  const [bFrom, bTo] = span(b)
  return aFrom <= bTo && bFrom <= aTo
}
