import type { AccessContext } from '../schema/assertion.ts'
import type { AccessEvent } from './audit/audit-event.ts'
import type { AuditTrail } from './audit/audit-trail.ts'
import { operationHash, recordEvents, toCommonParts, type ViewAccess } from './record-access.ts'

/** What is to be on the trail of a change, or of a privacy officer's query. */
export interface OperationEvent
  extends Pick<AccessEvent, 'kind' | 'region' | 'decision' | 'status'>,
    Partial<Pick<AccessEvent, 'nhsNumber' | 'aboutPerson' | 'authority' | 'change' | 'latencyMs' | 'items' | 'alert'>> {}

/** Who asked in which request; no context where the purpose is not care. */
export interface OperationAccess extends Omit<ViewAccess, 'context'> {
  readonly context: AccessContext | null
}

/** Puts one event on the trail, on disk, before an answer leaves. Rejects with AUDIT_UNAVAILABLE, and then nothing may leave. */
export type RecordOperation = (event: OperationEvent, access: OperationAccess) => Promise<void>

export function createOperationRecorder(trail: AuditTrail): RecordOperation {
  return ({ latencyMs = null, ...event }, { holder, requestId, context, info, recorder }) => {
    const whole: AccessEvent = {
      ...toCommonParts(holder, context),
      requestId,
      operation: { name: info.operation.name?.value ?? null, hash: operationHash(info.operation) },
      nhsNumber: null,
      documentId: null,
      latencyMs,
      answeredFrom: latencyMs === null ? 'NOWHERE' : 'REGION',
      items: 0,
      withheld: [],
      alert: false,
      ...event,
    }
    return recordEvents(trail, [whole], recorder)
  }
}
