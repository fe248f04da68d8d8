/** The value of an SDL enum for a FHIR code (`on-hold` is ON_HOLD); UNRECOGNISED for codes outside it, null where there is none. */
export function toEnum<const E extends string>(values: readonly E[], code: string | undefined): E | 'UNRECOGNISED' | null {
  if (code === undefined) return null
  const name = code.toUpperCase().replaceAll('-', '_')
  return values.find((value) => value === name) ?? 'UNRECOGNISED'
}
