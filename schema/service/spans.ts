import type { TraceContext } from './trace-context.ts'

/** What is known of a piece of work when it begins. Attributes are numbers and words of closed lists: nothing of a patient, a person or a text. */
export interface SpanStart {
  readonly name: string
  readonly kind: 'server' | 'client' | 'internal'
  /** Null: a trace begins here. */
  readonly parent: TraceContext | null
  /** Whether the parent is of another service. @default false */
  readonly isRemoteParent?: boolean
  /** Milliseconds since 1970. */
  readonly startedAtMs: number
  readonly attributes?: SpanAttributes
  /** A span of another trace that did the work for this one too. */
  readonly link?: TraceContext | null
}

export interface SpanEnd {
  /** Milliseconds since 1970. */
  readonly endedAtMs: number
  /** @default the name it began with */
  readonly name?: string
  readonly attributes?: SpanAttributes
  /** What failed, a word of a closed list. @default nothing */
  readonly errorType?: string | undefined
}

/** By OpenTelemetry's semantic conventions where they have a name. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>

export interface Span {
  readonly context: TraceContext
  end(end: SpanEnd): void
}

/** Makes spans, samples them by their parent's decision, and sends them to a collector beside the work. Never throws. */
export interface Spans {
  startSpan(start: SpanStart): Span
  /** Sends what is left, for a second at the most. */
  close(): Promise<void>
}
