import type * as Region from '../../schema/generated/region.ts'
import { toInstantMs, toPeriod } from '../../schema/partial-date-time.ts'
import type { RegionalItem } from './group-items.ts'

/** Decides whether two items of a section look alike although no identifier proves that they are one. */
export interface DuplicateRule<Item> {
  /** The fields it reads, beside those that every item has. */
  readonly fields: readonly string[]
  /** Items are alike only if they share a key; an item without keys is like no other. */
  readonly keys: (item: Item) => readonly string[]
  /**
   * The keys contain locations. Naming duplicates would then reveal shared locations of a patient whose location is
   * protected. @default false
   */
  readonly comparesLocations?: true
  /** Tells whether two items that share a key are alike. @default all are */
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

/** The fields of a section's items that its duplicate rule reads. */
export function duplicateRuleFields(section: string): readonly string[] {
  return duplicateRules[section]?.fields ?? []
}

/** Tells whether naming a section's duplicates would reveal locations. */
export function comparesLocations(section: string): boolean {
  return duplicateRules[section]?.comparesLocations ?? false
}

/** Returns, for each item, the ids of its possible duplicates; items without any are absent. */
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
  // One business identifier at two instants makes two items on a timeline, which are certainly alike.
  for (const [a, b] of findPairs(items, ({ identifier }) =>
    identifier ? [`${identifier.system}|${identifier.value}`] : [],
  ))
    link(a, b)
  return new Map([...found].map(([id, others]) => [id, [...others].sort()]))
}

/** Yields every two items that share a key, in both orders. */
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

/** Combines keys that must all match. Empty if either list is, because an unknown value equals nothing. */
function combineKeys(some: readonly string[], others: readonly string[]): readonly string[] {
  return some.flatMap((one) => others.map((other) => `${one} ${other}`))
}

/** A concept's codes, or its text if it has none. */
function conceptKeys({ codings, text }: Region.Concept): readonly string[] {
  return codings.length > 0 ? codings.map(({ system, code }) => `${system ?? ''}|${code}`) : [normalise(text)]
}

/** A concept's codes and its text, because another source may have only one of them. */
function textKeys(concept: Region.Concept): readonly string[] {
  return [normalise(concept.text), ...conceptKeys(concept)]
}

function normalise(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase()
}

/** The first recorded organisation, by its code or else its name. */
function organisationKeys(...organisations: readonly (Region.Organisation | null | undefined)[]): readonly string[] {
  const [key] = organisations.flatMap(
    (organisation) => organisation?.odsCode ?? (organisation?.name ? normalise(organisation.name) : []),
  )
  return key === undefined ? [] : [key]
}

/** Instants compare by their moment, whatever their offset; partial dates by what is known. */
function instantKeys(date: string | null): readonly string[] {
  if (date === null) return []
  return [date.includes('T') ? String(toInstantMs(date)) : date]
}

const londonDay = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London' })

/** Dates compare by day in Europe/London; partial dates by what is known. */
function dayKeys(date: string | null): readonly string[] {
  if (date === null) return []
  const instantMs = date.includes('T') ? toInstantMs(date) : null
  return [instantMs === null ? date : londonDay.format(instantMs)]
}

/** A result's value as one key: the amount without trailing zeros, the text, and those of its components. */
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

/** The smallest distance between two periods, in milliseconds; 0 if they overlap. */
function gapMs(a: string, b: string): number {
  const first = toPeriod(a)
  const second = toPeriod(b)
  if (!first || !second) return Number.POSITIVE_INFINITY
  return Math.max(0, first.startMs - second.endMs, second.startMs - first.endMs)
}

/** Tells whether two medicines' periods overlap. Without a start it began before, without an end it continues. */
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
