import type { ConsentCode } from '../../schema/policies/decision.ts'

/** What kind of work a request is: GraphQL, POST /fhir, a document's content, the change feed. */
export type RequestKind = 'read' | 'publish' | 'content' | 'changes'

/** A request that is done: numbers, and words of closed lists. Nothing of a patient, a person or a text. */
export interface ServedRequest {
  readonly kind: RequestKind
  /** Of reads the region's own root field, or `other` for what was refused before it ran; of the rest, the kind. */
  readonly operation: string
  readonly status: number
  /** From its head to the last byte handed over. */
  readonly durationMs: number
  /** Whether the caller was there to the end. */
  readonly ended: 'WHOLE' | 'CUT'
  /** Of the trace in which it was asked (`traceparent`). Absent: in none. */
  readonly traceId?: string
}

/** What a service tells of its work, and where that is asked for. Never throws, `print` apart. */
export interface ServiceMetrics {
  requestStarted(kind: RequestKind): void
  requestEnded(request: ServedRequest): void
  /** What the release rules decided of a number that was asked for. */
  releaseDecided(code: ConsentCode): void
  /** A grant was given to a person who had nine or more in the hour before it. */
  frequentGrantGiven(): void
  /** How many listen to the change feed now. */
  listenersChanged(count: number): void
  /** All figures in Prometheus's text format. Rejects where the store cannot be asked. */
  print(): Promise<{ readonly contentType: string; readonly text: string }>
}
