import type * as Region from '../../schema/generated/region.ts'

/** Whether the entry says that the patient has no known allergy at all; no known drug allergy (409137002) says less and is an entry like others. */
export function isNoKnownAllergy({ substance }: Region.Allergy): boolean {
  return substance.codings.some(({ system, code }) => system === 'http://snomed.info/sct' && code === '716186003')
}

/** Whether the entry's word stands today. */
export function isStanding({ status }: Region.Allergy): boolean {
  return status !== 'INACTIVE' && status !== 'RESOLVED'
}
