import { type GraphQLSchema, getNamedType, getNullableType, isListType, isObjectType } from 'graphql'
import { redactAdministrativeConcepts, removeLocalCodes } from '../../schema/location-protection.ts'
import { type SectionField, sections } from '../../schema/sections.ts'
import { compareTimelinePositions, type TimelinePosition } from '../../schema/timeline-position.ts'
import type { IdSealer } from '../opaque-tokens/id-sealer.ts'
import { toPlainItem } from '../regions/reply-item.ts'
import { sectionTable } from './section-table.ts'

/** Redacts a patient whose location is protected, so that nothing reveals a location. */
export interface LocationRedaction {
  /** Returns the value, such as demographics, without any location. */
  redact<Value>(value: Value): Value
  /**
   * Returns an item of a section (a field of Patient) without any location and under a sealed id; a document loses
   * its title and content too.
   */
  redactItem<Item extends object>(section: SectionField, item: Item): Item
  /** Returns the id in the form that may be shown. */
  sealId(id: string): string
  /** Sorts by instant, then by sealed id, because the order of the original ids depends on locations. */
  sortItems<Item extends TimelinePosition>(items: readonly Item[]): readonly Item[]
}

/** Types that reveal a location: an identifier's system names its organisation, and a clinician works at theirs. */
const locationTypes = new Set(['Organisation', 'Address', 'ContactPoint', 'Identifier', 'Author'])
/** Text fields that are locations or say where to go, as an appointment's description does. */
const locationTextFields = ['location', 'description']

/**
 * Creates the redaction from the regions' SDL: every field whose type reveals a location is removed.
 * Clinical free text stays, because care depends on it. Documents lose title and content, which are likely to hold an
 * address. Local codes are removed; a concept that describes where care is given keeps only its code system's display
 * (schema/location-protection.ts).
 */
export function createLocationRedaction(schemas: Iterable<GraphQLSchema>, { seal }: IdSealer): LocationRedaction {
  const redactedValues = new Map<string, null | readonly []>(locationTextFields.map((name) => [name, null]))
  for (const schema of schemas) {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type)) continue
      for (const { name, type: fieldType } of Object.values(type.getFields())) {
        if (locationTypes.has(getNamedType(fieldType).name))
          redactedValues.set(name, isListType(getNullableType(fieldType)) ? [] : null)
      }
    }
  }

  const removeLocations = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(removeLocations)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(toPlainItem(value)).map(([key, inner]) => [
      key,
      redactedValues.has(key) ? redactedValues.get(key) : removeLocations(inner),
    ])
    const copy = Object.fromEntries(entries)
    // A practice among the contacts would be known by its name alone.
    return copy.professional === true ? { ...copy, name: null } : copy
  }
  const redactSectionItem = (section: SectionField, item: object): object => {
    const bare = removeLocalCodes(removeLocations(item)) as Readonly<Record<string, unknown>>
    const coded = { ...bare, ...redactAdministrativeConcepts(sections[section].administrativeConcepts, bare) }
    const replaces = sectionTable[section].redaction?.replaces
    const shown = replaces ? replaceFields(coded, replaces) : coded
    return typeof shown.id === 'string' ? { ...shown, id: seal(shown.id) } : shown
  }
  return {
    redact: removeLocations as LocationRedaction['redact'],
    redactItem: redactSectionItem as LocationRedaction['redactItem'],
    sealId: seal,
    sortItems: (items) =>
      items
        .map((item) => ({ item, orderedAtMs: item.orderedAtMs, id: seal(item.id) }))
        .sort(compareTimelinePositions)
        .map(({ item }) => item),
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Replaces those of an item's fields that were requested. */
function replaceFields(item: Fields, replaces: object): Fields {
  const functions = replaces as Readonly<Record<string, (value: unknown) => unknown>>
  return Object.fromEntries(
    Object.entries(item).map(([field, value]) => {
      const replace = Object.hasOwn(functions, field) ? functions[field] : undefined
      return [field, replace ? replace(value) : value]
    }),
  )
}
