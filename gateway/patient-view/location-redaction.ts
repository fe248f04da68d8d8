import { type GraphQLSchema, getNamedType, getNullableType, isListType, isObjectType } from 'graphql'
import { redactAdministrativeConcepts, removeLocalCodes } from '../../schema/location-protection.ts'
import { type SectionField, sections } from '../../schema/sections.ts'
import { compareTimelinePositions, type TimelinePosition } from '../../schema/timeline-position.ts'
import type { IdSealer } from '../opaque-tokens/id-sealer.ts'
import { toPlainItem } from '../regions/reply-item.ts'
import { sectionTable } from './section-table.ts'

/** What is shown of a patient whose location is protected (consent.md, Location): nothing that tells a place. */
export interface LocationRedaction {
  /** The value without any place, as demographics are shown. */
  redact<Value>(value: Value): Value
  /** An item of a section (field of Patient) as it may be shown: without any place, under a sealed id; a document without title and content. */
  redactItem<Item extends object>(section: SectionField, item: Item): Item
  /** The id as it may be shown. */
  sealId(id: string): string
  /** In the order of their instants; those of one instant by their sealed ids, for the order of ids follows from places. */
  sortItems<Placed extends TimelinePosition>(items: readonly Placed[]): readonly Placed[]
}

/** Types that say where somebody is, or whose: an identifier's system names its organisation, a clinician is found under theirs. */
const locationTypes = new Set(['Organisation', 'Address', 'ContactPoint', 'Identifier', 'Author'])
/** Texts that are places, or say where somebody is to go: an appointment's description. */
const locationTextFields = ['location', 'description']

/**
 * Leaves out every field whose type tells a place, by the regions' own SDL. Free text of clinical items is shown, because care depends on it;
 * of documents, whose free text is likely to hold an address, neither title nor content is. Local codes are left out, and a concept that describes
 * where care is given is shown in its code system's words alone (schema/protected-concepts.ts).
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

  const hidePlaces = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hidePlaces)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(toPlainItem(value)).map(([key, inner]) => [
      key,
      redactedValues.has(key) ? redactedValues.get(key) : hidePlaces(inner),
    ])
    const copy = Object.fromEntries(entries)
    // A practice among the contacts is known by its name alone.
    return copy.professional === true ? { ...copy, name: null } : copy
  }
  const hideItemPlaces = (section: SectionField, item: object): object => {
    const bare = removeLocalCodes(hidePlaces(item)) as Readonly<Record<string, unknown>>
    const coded = { ...bare, ...redactAdministrativeConcepts(sections[section].administrativeConcepts, bare) }
    const replaces = sectionTable[section].redaction?.replaces
    const shown = replaces ? replaceFields(coded, replaces) : coded
    return typeof shown.id === 'string' ? { ...shown, id: seal(shown.id) } : shown
  }
  return {
    redact: hidePlaces as LocationRedaction['redact'],
    redactItem: hideItemPlaces as LocationRedaction['redactItem'],
    sealId: seal,
    sortItems: (items) =>
      items
        .map((item) => ({ item, orderedAtMs: item.orderedAtMs, id: seal(item.id) }))
        .sort(compareTimelinePositions)
        .map(({ item }) => item),
  }
}

type Fields = Readonly<Record<string, unknown>>

/** Replaces those of the item's fields that were asked for. */
function replaceFields(item: Fields, replaces: object): Fields {
  const functions = replaces as Readonly<Record<string, (value: unknown) => unknown>>
  return Object.fromEntries(
    Object.entries(item).map(([field, value]) => {
      const replace = Object.hasOwn(functions, field) ? functions[field] : undefined
      return [field, replace ? replace(value) : value]
    }),
  )
}
