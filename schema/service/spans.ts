import type { TraceContext } from './trace-context.ts'

/** A span's attributes at its start: numbers and words of closed lists, nothing of a patient, a person or a text. */
export interface SpanStart {
  readonly name: string
  readonly kind: 'server' | 'client' | 'internal'
  /** Null if the trace begins here. */
  readonly parent: TraceContext | null
  /** Whether the parent belongs to another service. @default false */
  readonly isRemoteParent?: boolean
  /** Milliseconds since 1970. */
  readonly startedAtMs: number
  readonly attributes?: SpanAttributes
  /** A span of another trace whose work served this one too. */
  readonly link?: TraceContext | null
}

export interface SpanEnd {
  /** Milliseconds since 1970. */
  readonly endedAtMs: number
  /** @default the name at the start */
  readonly name?: string
  readonly attributes?: SpanAttributes
  /** What failed, a word of a closed list. @default nothing failed */
  readonly errorType?: string | undefined
}

/** Attributes by OpenTelemetry's semantic conventions, where those have a name. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

export interface Span {
  readonly context: TraceContext
  end(end: SpanEnd): void
}

/** Creates spans, samples them by their parent's decision, and exports them asynchronously. Never throws. */
export interface Spans {
  startSpan(start: SpanStart): Span
  /** Exports the remaining spans, for a second at most. */
  close(): Promise<void>
}
