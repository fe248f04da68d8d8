import type * as Region from '../../schema/generated/region.ts'
import { toInstantMs, toPeriod } from '../../schema/partial-date-time.ts'
import type { RegionalItem } from './merge-items.ts'

/** When two items of a section look the same though nothing proves it (domain.md, Sections of the view). */
export interface Sameness<Item> {
  /** Items without a key in common are not alike; an item without keys is like no other. */
  readonly keys: (item: Item) => readonly string[]
  /** Whether two items with a key in common are alike. */
  readonly alike?: (a: Item, b: Item) => boolean
}

export const sameness: Readonly<Record<string, Sameness<never>>> = {
  alerts: { keys: ({ code }: Region.Alert) => conceptKeys(code) },
  allergies: { keys: ({ substance }: Region.Allergy) => conceptKeys(substance) },
  problems: {
    keys: ({ code }: Region.Problem) => conceptKeys(code),
    alike: (a: Region.Problem, b: Region.Problem) => withinAMonth(a.onset, b.onset),
  },
  medications: {
    keys: ({ medicine, dosage }: Region.Medication) => conceptKeys(medicine).map((key) => `${key} ${normalise(dosage ?? '')}`),
    alike: (a: Region.Medication, b: Region.Medication) => overlap(a, b),
  },
  immunisations: { keys: ({ vaccine, given }: Region.Immunisation) => dated(conceptKeys(vaccine), given?.slice(0, 10)) },
  procedures: { keys: ({ code, performed }: Region.Procedure) => dated(conceptKeys(code), performed?.slice(0, 10)) },
  carePlans: { keys: ({ category, start }: Region.CarePlan) => (category ? dated(conceptKeys(category), start?.slice(0, 10)) : []) },
  contacts: { keys: ({ name, relationship }: Region.Contact) => (name ? [`${normalise(name)} ${normalise(relationship?.text ?? '')}`] : []) },
  appointments: { keys: ({ start, organisation }: Region.Appointment) => (start && organisation?.odsCode ? [`${toInstantMs(start)} ${organisation.odsCode}`] : []) },
  results: {
    keys: ({ code, effective, value, quantity }: Region.Result) =>
      dated(conceptKeys(code), effective && instantKey(effective)).map(
        (key) => `${key} ${quantity ? `${quantity.comparator ?? ''}${quantity.value} ${quantity.unit ?? ''}` : (value ?? '')}`,
      ),
  },
  encounters: {
    keys: ({ class: encounterClass, provider, organisation }: Region.Encounter) => {
      const organisationCode = provider?.odsCode ?? organisation?.odsCode
      return encounterClass && organisationCode ? [`${encounterClass} ${organisationCode}`] : []
    },
    alike: (a: Region.Encounter, b: Region.Encounter) => withinAnHour(a.start, b.start),
  },
  documents: {
    keys: ({ content, type, author, custodian, created }: Region.Document) => {
      const organisation = author?.organisation?.odsCode ?? custodian?.odsCode
      const byHash = content ? [`sha256 ${content.sha256}`] : []
      return organisation ? [...byHash, ...dated(conceptKeys(type), created && instantKey(created)).map((key) => `${key} ${organisation}`)] : byHash
    },
  },
}

/** For each item, the ids of the others that look the same; items that are alone are absent. */
export function findLookAlikes(section: string, items: readonly RegionalItem[]): ReadonlyMap<string, readonly string[]> {
  const { keys, alike } = (sameness[section] ?? { keys: () => [] }) as Sameness<RegionalItem>
  const buckets = new Map<string, RegionalItem[]>()
  for (const item of items) {
    for (const key of new Set(keys(item))) {
      const bucket = buckets.get(key)
      if (bucket) bucket.push(item)
      else buckets.set(key, [item])
    }
  }
  const found = new Map<string, Set<string>>()
  for (const bucket of buckets.values()) {
    for (const a of bucket) {
      for (const b of bucket) {
        if (a.id !== b.id && (!alike || alike(a, b))) found.set(a.id, (found.get(a.id) ?? new Set()).add(b.id))
      }
    }
  }
  return new Map([...found].map(([id, others]) => [id, [...others].sort()]))
}

/** A concept's codes; without any, its words. */
function conceptKeys({ codings, text }: Region.Concept): readonly string[] {
  return codings.length > 0 ? codings.map(({ system, code }) => `${system ?? ''}|${code}`) : [normalise(text)]
}

function normalise(text: string): string {
  return text.trim().replace(/\s+/g, ' ').toLowerCase()
}

function dated(keys: readonly string[], date: string | null | undefined): readonly string[] {
  return date ? keys.map((key) => `${key} ${date}`) : []
}

/** Instants by their moment, whatever their offset; less exact dates by what is known of them. */
function instantKey(date: string): string {
  return date.includes('T') ? String(toInstantMs(date)) : date
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
function overlap(a: Region.Medication, b: Region.Medication): boolean {
  const span = ({ started, ended }: Region.Medication) =>
    [(started && toPeriod(started)?.startMs) ?? Number.NEGATIVE_INFINITY, (ended && toPeriod(ended)?.endMs) ?? Number.POSITIVE_INFINITY] as const
  const [aFrom, aTo] = span(a)
  const [bFrom, bTo] = span(b)
  return aFrom <= bTo && bFrom <= aTo
}
