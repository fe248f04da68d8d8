import type {
  RegionObservation,
  RequestObservation,
} from '../../../gateway/observability/metrics/request-observation.ts'

const stages = { planMs: 0, accessMs: 0, regionsMs: 0, assembleMs: 0, auditMs: 0 }

/** A request of a patient's summary that was complete, but for what differs. */
export function observation(differs: Partial<RequestObservation> = {}): RequestObservation {
  return {
    requestId: 'one',
    operation: 'PatientSummary',
    startedAtMs: 0,
    durationMs: 10,
    gatewayMs: 2,
    outcome: 'COMPLETE',
    stages,
    regions: [],
    ...differs,
  }
}

/** LPRES asked, and answering after so long. */
export function asked(waitMs: number, differs: Partial<RegionObservation> = {}): RegionObservation {
  return { region: 'LANCASHIRE_SOUTH_CUMBRIA', status: 'ANSWERED', waitMs, fromCache: false, ...differs }
}
