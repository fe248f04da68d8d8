import { randomUUID } from 'node:crypto'
import type { AccessContext } from '../../schema/assertion.ts'
import type { AccessEvent } from './audit-event.ts'
import type { AuditTrail } from './audit-trail.ts'
import {
  hashOperation,
  type OnAuditWrite,
  recordEvents,
  toCommonFields,
  type ViewAuditContext,
} from './record-access.ts'

/** Event of a change or of a privacy officer's query. */
export interface OperationEvent
  extends Pick<AccessEvent, 'kind' | 'region' | 'decision' | 'status'>,
    Partial<
      Pick<AccessEvent, 'nhsNumber' | 'aboutPerson' | 'authority' | 'change' | 'latencyMs' | 'items' | 'alert'>
    > {}

/** The viewer and the request. The context is null if the purpose is not care. */
export interface OperationAuditContext extends Omit<ViewAuditContext, 'context'> {
  readonly context: AccessContext | null
}

/** A change to be requested from a region, as far as it is known before the call. */
export type IntendedChange = Pick<OperationEvent, 'kind' | 'region' | 'nhsNumber' | 'authority' | 'change'>

/** The outcome of a requested change, as the trail records it. */
export type ChangeResult = Pick<OperationEvent, 'decision' | 'status' | 'latencyMs' | 'alert' | 'authority'>

/** Records operations in the trail, on disk, before an answer leaves. */
export interface OperationRecorder {
  /** Records one event. Rejects with AUDIT_UNAVAILABLE, and then no answer may leave. */
  record(event: OperationEvent, access: OperationAuditContext): Promise<void>
  /**
   * Records the intent, makes the change, and records its outcome. Rejects with AUDIT_UNAVAILABLE if a record fails. If
   * the intent failed, the region was not called; if the outcome failed, the change may have been made.
   */
  recordChange<Outcome extends { readonly audited: ChangeResult }>(
    intended: IntendedChange,
    access: OperationAuditContext,
    make: () => Promise<Outcome>,
  ): Promise<Outcome>
}

export type RecordOperation = OperationRecorder['record']

const undecided = { decision: { code: 'UNDECIDED', rules: [], policyVersion: null } } as const
const notMadeMessage = 'The change could not be recorded, so it was not made. Try again.'
const outcomeUnknownMessage =
  'What came of the change could not be recorded: it may or may not be made. It is safe to ask again.'

export function createOperationRecorder(trail: AuditTrail, onWrite: OnAuditWrite = () => {}): OperationRecorder {
  const write = (
    event: OperationEvent & Partial<Pick<AccessEvent, 'changeId'>>,
    access: OperationAuditContext,
    says?: string,
  ) => recordEvents({ trail, onWrite, unavailableMessage: says }, [toEvent(event, access)], access.recorder)
  return {
    record: write,
    async recordChange(intended, access, make) {
      const change = { ...intended, changeId: randomUUID() }
      await write({ ...change, ...undecided, status: 'INTENDED' }, access, notMadeMessage)
      const outcome = await make().catch(async (cause: unknown) => {
        await write({ ...change, ...undecided, status: 'FAILED' }, access, outcomeUnknownMessage)
        throw cause
      })
      await write({ ...change, ...outcome.audited }, access, outcomeUnknownMessage)
      return outcome
    },
  }
}

function toEvent(
  { latencyMs = null, ...event }: OperationEvent & Partial<Pick<AccessEvent, 'changeId'>>,
  { holder, requestId, context, info }: OperationAuditContext,
): AccessEvent {
  return {
    ...toCommonFields(holder, context),
    requestId,
    operation: { name: info.operation.name?.value ?? null, hash: hashOperation(info.operation) },
    nhsNumber: null,
    documentId: null,
    latencyMs,
    answeredFrom: latencyMs === null ? 'NOWHERE' : 'REGION',
    items: 0,
    withheld: [],
    alert: false,
    ...event,
  }
}
