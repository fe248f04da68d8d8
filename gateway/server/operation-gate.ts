import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { fault } from '../../schema/graphql-errors.ts'
import type { GatewayServerContext } from './authentication.ts'
import type { ConcurrencyLimiter } from './concurrency-limiter.ts'
import type { ViewerRateLimit } from './viewer-rate-limit.ts'

/** An operation that was admitted, until it is disposed of, or the refusal. */
export interface AdmittedOperation extends Disposable {
  readonly refusal: GraphQLError | null
  /** Charges the viewer once for a costly operation: one operation of their rate for each `costPerOperation`. */
  charge(cost: number): void
}

/** About the cost of a patient's summary, in the unit of `operation-cost.ts`. */
const costPerOperation = 4000

export interface OperationGate {
  /**
   * Admits an operation of a person once its body has arrived, so that a slow upload holds no slot.
   * Refuses with OVERLOADED (503) when no slot is free, and with TOO_MANY_OPERATIONS (429) beyond the person's rate
   * or concurrent operations.
   */
  admit(person: string): AdmittedOperation
}

export interface OperationGateOptions {
  readonly limiter: ConcurrencyLimiter
  readonly rateLimit: ViewerRateLimit
  /** Maximum concurrent operations of one person, so that one person cannot hold every slot. */
  readonly maxPerPerson: number
}

/** Creates the gate that every operation passes once, on either path. A refusal there costs no region anything. */
export function createOperationGate({ limiter, rateLimit, maxPerPerson }: OperationGateOptions): OperationGate {
  const inFlight = new Map<string, number>()
  return {
    admit(person) {
      // Overload is checked first, so that a shed request does not count against the person.
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

/** A class, because V8 is slow with object literals that have a symbol key. */
class RunningOperation implements AdmittedOperation {
  readonly refusal = null
  readonly #operation: RunningOperationOptions
  #isInFlight = true
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
    if (!this.#isInFlight) return
    this.#isInFlight = false
    const { inFlight, person, release } = this.#operation
    release?.()
    const left = (inFlight.get(person) ?? 1) - 1
    if (left === 0) inFlight.delete(person)
    else inFlight.set(person, left)
  }
}

interface RunningOperationOptions {
  /** Operations in flight, by person. */
  readonly inFlight: Map<string, number>
  readonly person: string
  readonly rate: ViewerRateLimit
  readonly release: (() => void) | null
}

/** The refusal under overload; shared, because there is no time to create one then. */
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

/**
 * Yoga's context of an admitted operation. If it was admitted before it reached yoga, the admitting code disposes of
 * it.
 */
export interface AdmissionContext {
  admittedOperation?: AdmittedOperation
}

/** Admits operations in yoga once their bodies are parsed, and releases them when they are answered. */
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
