const mediaTypes = new Set(['application/fhir+json', 'application/json'])

/** Why a Content-Type is not taken; null where it is FHIR R4 or JSON in UTF-8. */
export function findMediaFault(contentType: string | null): string | null {
  const [mediaType = '', ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase())
  if (!mediaTypes.has(mediaType)) return 'expected Content-Type application/fhir+json or application/json, found another'
  for (const parameter of parameters) {
    const [name, value = ''] = parameter.split('=').map((part) => part.trim().replace(/^"(.*)"$/, '$1'))
    if (name === 'fhirversion' && !/^4\.0(\.\d)?$/.test(value)) return 'expected fhirVersion=4.0, found another'
    if (name === 'charset' && value !== 'utf-8' && value !== 'utf8') return 'expected charset=utf-8, found another'
  }
  return null
}
