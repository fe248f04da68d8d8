import { type AccessIndex, createAccessIndex } from '../audit/access-index.ts'
import { type AccessRecorder, createAccessRecorder } from '../audit/record-access.ts'
import { createOperationRecorder, type OperationRecorder } from '../audit/record-operation.ts'
import type { GatewayMetrics } from '../observability/metrics/gateway-metrics.ts'
import type { GatewaySettings } from './gateway-options.ts'

/** The parts that write and read the audit trail for requests. */
export interface AuditRecording {
  /** Records views of patients and opened documents. */
  readonly accesses: AccessRecorder
  /** Records mutations and the privacy officer's queries. */
  readonly operations: OperationRecorder
  /** Returns the index of recorded accesses, which is built when a privacy officer first asks. */
  readonly findIndex: () => AccessIndex
}

export interface AuditRecordingOptions {
  readonly settings: Pick<GatewaySettings, 'trail' | 'log'>
  readonly metrics: GatewayMetrics
}

export function createAuditRecording({ settings: { trail, log }, metrics }: AuditRecordingOptions): AuditRecording {
  let index: AccessIndex | null = null
  return {
    accesses: createAccessRecorder(trail, metrics.onWrite),
    operations: createOperationRecorder(trail, metrics.onWrite),
    findIndex() {
      index ??= createAccessIndex({
        folder: trail.folder,
        onOdd({ writer, sequence, odd }) {
          metrics.onOddEvent()
          log('An event of the audit trail is not as it should be; run audit verify', `${writer} ${sequence}: ${odd}`)
        },
      })
      return index
    },
  }
}
