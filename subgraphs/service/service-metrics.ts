import type { ConsentCode } from '../../schema/policies/decision.ts'

/** The work of a request: GraphQL, POST /fhir, a document's content, or the change feed. */
export type RequestKind = 'read' | 'publish' | 'content' | 'changes'

/** A finished request in numbers and words of closed lists. It has nothing of a patient, a person or a text. */
export interface ServedRequest {
  readonly kind: RequestKind
  /** For a read the region's root field, or `other` if refused before it ran; for other work, its kind. */
  readonly operation: string
  readonly status: number
  /** Milliseconds from the request's head to the last byte written. */
  readonly durationMs: number
  /** Whether the caller stayed until the end. */
  readonly ended: 'WHOLE' | 'CUT'
  /** Id of the request's trace (`traceparent`). @default none */
  readonly traceId?: string
}

/** Counts a service's work and prints it. Only `print` throws. */
export interface ServiceMetrics {
  requestStarted(kind: RequestKind): void
  requestEnded(request: ServedRequest): void
  /** Counts the release decision on a requested number. */
  releaseDecided(code: ConsentCode): void
  /** Counts a grant to a person who had nine or more in the hour before. */
  frequentGrantGiven(): void
  /** Sets the number of change feed subscribers. */
  listenersChanged(count: number): void
  /** Prints all metrics in Prometheus's text format. Rejects if the store cannot be read. */
  print(): Promise<{ readonly contentType: string; readonly text: string }>
}
