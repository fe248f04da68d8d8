import type { PublicationFault } from '../../store/record-store.ts'
import { toExpression } from '../to-faults.ts'

/** A FHIR R4 OperationOutcome, as far as it is written here. */
export interface OperationOutcome {
  readonly resourceType: 'OperationOutcome'
  readonly issue: readonly Issue[]
}
interface Issue {
  readonly severity: 'error' | 'warning' | 'information'
  /** FHIR IssueType code. */
  readonly code: string
  /** What programs may go by, where the diagnostics are for people. */
  readonly details?: { readonly text: string }
  readonly diagnostics: string
  readonly expression?: readonly string[]
}

export function toOutcome(...issue: readonly Issue[]): OperationOutcome {
  return { resourceType: 'OperationOutcome', issue }
}

/** The faults of a publication, each with where it is. */
export function toFaultOutcome(faults: readonly PublicationFault[]): OperationOutcome {
  return toOutcome(
    ...faults.map((one) => ({
      severity: 'error' as const,
      code: one.code,
      diagnostics: one.fault,
      expression: [toExpression(one)],
    })),
  )
}

/** An OperationOutcome of one error as an HTTP response. */
export function errorResponse(
  status: number,
  code: string,
  diagnostics: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return fhirResponse(status, JSON.stringify(toOutcome({ severity: 'error', code, diagnostics })), headers)
}

/** A resource in FHIR JSON as an HTTP response. */
export function fhirResponse(
  status: number,
  resource: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(resource as BodyInit, {
    status,
    headers: { 'content-type': 'application/fhir+json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  })
}
