/** SDS job role codes whose holders are clinicians (consent.md, Who is who). */
const clinicians = new Set(['R0050', 'R0260', 'R0620', 'R0680', 'R1070', 'R8000', 'R8001', 'R8003'])

/** Whether the SDS job role is a clinician's. */
export function isClinician(roleCode: string): boolean {
  return clinicians.has(roleCode)
}
