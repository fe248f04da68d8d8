const placeFields = new Set([
  'odsCode',
  'postcode',
  'city',
  'address',
  'gpPractice',
  'organisation',
  'provider',
  'custodian',
  'prescriber',
  'worksFor',
  'location',
  'identifier',
])

/** Places in an answer that must have none. */
export function findPlaces(value: unknown, path = 'answer'): readonly string[] {
  if (typeof value === 'string') return value.startsWith('place-') ? [`${path} tells a place`] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    placeFields.has(key) && inner !== null ? [`${path}.${key} tells a place`] : findPlaces(inner, `${path}.${key}`),
  )
}
