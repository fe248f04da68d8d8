/** A meaning in words and the codes that carry it, as a FHIR CodeableConcept has it. */
export interface Concept {
  readonly text: string
  readonly coding?: readonly { readonly system: string; readonly code: string; readonly display: string }[]
}

/** A SNOMED CT or dm+d concept, in the words it is published with. */
export function snomed(code: string, display: string): Concept {
  return coded('http://snomed.info/sct', code, display)
}

export function loinc(code: string, display: string): Concept {
  return coded('http://loinc.org', code, display)
}

/** Words without a code, as much of a real record has them. */
export function words(text: string): Concept {
  return { text }
}

export function coded(system: string, code: string, display: string): Concept {
  return { text: display, coding: [{ system, code, display }] }
}

/** A CodeableConcept of one of FHIR's own code lists, where the code is the meaning. */
export function hl7(
  system: string,
  code: string,
): { readonly coding: readonly { readonly system: string; readonly code: string }[] } {
  return { coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }] }
}
