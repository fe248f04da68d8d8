import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { fault } from '../../schema/graphql-errors.ts'
import type { ConcurrencyLimiter } from './concurrency-limiter.ts'
import type { GatewayServerContext } from './use-bearer-token.ts'
import type { ViewerRateLimit } from './viewer-rate-limit.ts'

/** An operation let in, until it is disposed of; or why it is not. */
export interface AdmittedOperation extends Disposable {
  readonly refusal: GraphQLError | null
  /** Counts a costly operation against the person as several, once: one for each `costEach`. */
  charge(cost: number): void
}

/** About what a patient's summary costs (`operation-cost.ts`). */
const costPerOperation = 4000

export interface OperationGate {
  /**
   * An operation of this person's, whose body is there: one that trickles in holds no place. Refused with OVERLOADED (503) where as many are in
   * flight as may be, and with TOO_MANY_OPERATIONS (429) where the person has done, or has in flight, as many as may be.
   */
  admit(person: string): AdmittedOperation
}

export interface OperationGateOptions {
  readonly limiter: ConcurrencyLimiter
  readonly rateLimit: ViewerRateLimit
  /** Operations of one person that may be in flight, so that nobody takes the places of all. */
  readonly maxPerPerson: number
}

/** Where every operation comes by once, whichever way it goes on; what is refused there has cost nobody anything. */
export function createOperationGate({ limiter, rateLimit, maxPerPerson }: OperationGateOptions): OperationGate {
  const inFlight = new Map<string, number>()
  return {
    admit(person) {
      // First: what is shed is not counted against the person.
      if (limiter.isFull()) return toRefused(overloadedFault)
      const inFlightOfPerson = inFlight.get(person) ?? 0
      if (inFlightOfPerson >= maxPerPerson) return toRefused(toTooManyFault(1))
      const waitSeconds = rateLimit.consume(person)
      if (waitSeconds > 0) return toRefused(toTooManyFault(waitSeconds))
      inFlight.set(person, inFlightOfPerson + 1)
      return new RunningOperation({ inFlight, person, rate: rateLimit, release: limiter.acquire() })
    },
  }
}

/** Of a class: V8 is slow with a literal whose key is a symbol. */
class RunningOperation implements AdmittedOperation {
  readonly refusal = null
  readonly #operation: RunningOperationOptions
  #isInside = true
  #isCharged = false
  constructor(operation: RunningOperationOptions) {
    this.#operation = operation
  }
  charge(cost: number): void {
    if (this.#isCharged) return
    this.#isCharged = true
    const { rate, person } = this.#operation
    const operations = Math.ceil(cost / costPerOperation)
    if (operations > 1) rate.debit(person, operations - 1)
  }
  [Symbol.dispose](): void {
    if (!this.#isInside) return
    this.#isInside = false
    const { inFlight, person, release } = this.#operation
    release?.()
    const left = (inFlight.get(person) ?? 1) - 1
    if (left === 0) inFlight.delete(person)
    else inFlight.set(person, left)
  }
}

interface RunningOperationOptions {
  /** By person. */
  readonly inFlight: Map<string, number>
  readonly person: string
  readonly rate: ViewerRateLimit
  readonly release: (() => void) | null
}

/** The refusal of what comes while everything is busy; one for all, for there is no time then. */
export const overloadedFault = fault('OVERLOADED', 'Expected fewer requests at a time; ask again in a second.', {
  status: 503,
  headers: { 'retry-after': '1' },
})

function toTooManyFault(waitSeconds: number): GraphQLError {
  return fault(
    'TOO_MANY_OPERATIONS',
    'Expected fewer operations of one person in a minute, or at a time; ask again after the seconds that Retry-After says.',
    {
      status: 429,
      headers: { 'retry-after': String(waitSeconds) },
    },
  )
}

function toRefused(refusal: GraphQLError): AdmittedOperation {
  return { refusal, charge() {}, [Symbol.dispose]() {} }
}

/** What of a request was let in; where that was before it came to yoga, whoever let it in disposes of it. */
export interface AdmissionContext {
  admittedOperation?: AdmittedOperation
}

/** Lets operations in, when their bodies are there, until they are answered. */
export function useOperationGate({ admit }: OperationGate): Plugin<object, GatewayServerContext & AdmissionContext> {
  const admittedOperations = new WeakMap<object, AdmittedOperation>()
  return {
    onParams({ context }) {
      if (context.admittedOperation) return
      const admitted = admit(context.routed.caller.holder.id)
      if (admitted.refusal) throw admitted.refusal
      context.admittedOperation = admitted
      admittedOperations.set(context, admitted)
    },
    onResponse({ serverContext }) {
      admittedOperations.get(serverContext)?.[Symbol.dispose]()
    },
  }
}
