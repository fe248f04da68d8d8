import { publishedOperation } from '../published-operation.ts'
import type { GraphQLAnswer, System } from '../system.ts'

/** A patient of both regions, whom Lancashire Teaching Hospitals has no permission to view in e-Xchange. */
export const patient = '9990000018'
/** A consultant at Lancashire Teaching Hospitals. */
export const consultant = { person: '701', name: 'Lyn Breaker', role: 'R0050', organisation: 'RXN' } as const
/** The same person in another role. */
export const consultantAsOfficer = { ...consultant, role: 'R0001' } as const
/** A privacy officer of that trust. */
export const officer = { person: '702', role: 'R0001', organisation: 'RXN' } as const
/** A Caldicott guardian of Cheshire & Merseyside. */
export const guardian = { person: '703', role: 'R5105', organisation: 'QYG' } as const
/** An audit manager of Lancashire & South Cumbria. */
export const auditor = { person: '704', role: 'R5100', organisation: 'QE1' } as const

export const breakGlassInput = {
  nhsNumber: patient,
  region: 'CHESHIRE_MERSEYSIDE',
  barrier: 'PERMISSION',
  reason: 'EMERGENCY',
  justification: 'Unconscious in resus',
} as const

/** Runs a published operation as somebody. */
export async function runPublishedOperation(
  system: System,
  who: Parameters<System['token']>[0],
  name: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<GraphQLAnswer> {
  return system.query(publishedOperation(name), variables, await system.token(who))
}

/** Breaks the glass in e-Xchange as the consultant; the grant's id. */
export async function breakGlass(
  system: System,
  changes: Partial<Record<keyof typeof breakGlassInput, string>> = {},
): Promise<string> {
  const { data } = await runPublishedOperation(system, consultant, 'break-glass', { ...breakGlassInput, ...changes })
  return data.breakGlass.grant
}

/** The consultant's view of the patient in e-Xchange: the decision. */
export async function readDecision(system: System, who: Parameters<System['token']>[0] = consultant) {
  const query = `query Look { patient(nhsNumber: "${patient}", access: { relationship: CLAIMED }, regions: [CHESHIRE_MERSEYSIDE]) {
    completeness { regions { status decision { code grant } } } } }`
  const { data } = await system.query(query, {}, await system.token(who))
  const [{ status, decision }] = data.patient.completeness.regions
  return { status, code: decision?.code, grant: decision?.grant }
}
