import { type GraphQLSchema, getNamedType, getNullableType, isListType, isObjectType } from 'graphql'
import { toPlainItem } from '../regions/reply-item.ts'

/** Takes every place out of what regions answered. */
export type LocationProtection = <Value>(value: Value) => Value

/** Types that say where somebody is, or whose: an identifier's system names its organisation. */
const placeTypes = new Set(['Organisation', 'Address', 'ContactPoint', 'Identifier'])
/** Texts that are places. */
const placeTexts = ['location']

/**
 * For patients flagged sensitive (consent.md, Location): leaves out every field whose type tells a place, by the regions' own SDL, so that
 * a region's extra fields are protected too. Free text is not read: a title may still name a town.
 */
export function createLocationProtection(schemas: Iterable<GraphQLSchema>): LocationProtection {
  const withoutPlace = new Map<string, null | readonly []>(placeTexts.map((name) => [name, null]))
  for (const schema of schemas) {
    for (const type of Object.values(schema.getTypeMap())) {
      if (!isObjectType(type)) continue
      for (const { name, type: fieldType } of Object.values(type.getFields())) {
        if (placeTypes.has(getNamedType(fieldType).name)) withoutPlace.set(name, isListType(getNullableType(fieldType)) ? [] : null)
      }
    }
  }

  const protect = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(protect)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(toPlainItem(value)).map(([key, inner]) => [key, withoutPlace.has(key) ? withoutPlace.get(key) : protect(inner)])
    const copy = Object.fromEntries(entries)
    // A practice among the contacts is known by its name alone.
    return copy.professional === true ? { ...copy, name: null } : copy
  }
  return protect as LocationProtection
}
