import type { GraphQLError } from 'graphql'
import { fault } from '../../schema/graphql-errors.ts'
import type { Places } from './places.ts'
import type { ViewerRate } from './viewer-rate.ts'

/** An operation let in, until it is disposed of; or why it is not. */
export interface Entered extends Disposable {
  readonly refusal: GraphQLError | null
  /** Counts a costly operation against the person as several, once: one for each `costEach`. */
  charge(cost: number): void
}

/** About what a patient's summary costs (`operation-cost.ts`). */
const costEach = 4000

export interface Entrance {
  /**
   * An operation of this person's, whose body is there: one that trickles in holds no place. Refused with OVERLOADED (503) where as many are in
   * flight as may be, and with TOO_MANY_OPERATIONS (429) where the person has done, or has in flight, as many as may be.
   */
  enter(person: string): Entered
}

export interface EntranceOptions {
  readonly places: Places
  readonly rate: ViewerRate
  /** Operations of one person that may be in flight, so that nobody takes the places of all. */
  readonly maxPerPerson: number
}

/** Where every operation comes by once, whichever way it goes on; what is refused there has cost nobody anything. */
export function createEntrance({ places, rate, maxPerPerson }: EntranceOptions): Entrance {
  const inFlight = new Map<string, number>()
  return {
    enter(person) {
      // First: what is shed is not counted against the person.
      if (places.isFull()) return refused(overloaded)
      const own = inFlight.get(person) ?? 0
      if (own >= maxPerPerson) return refused(tooManyOperations(1))
      const waitSeconds = rate.take(person)
      if (waitSeconds > 0) return refused(tooManyOperations(waitSeconds))
      inFlight.set(person, own + 1)
      return new LetInOperation({ inFlight, person, rate, leave: places.take() })
    },
  }
}

/** Of a class: V8 is slow with a literal whose key is a symbol. */
class LetInOperation implements Entered {
  readonly refusal = null
  readonly #operation: OperationInFlight
  #isInside = true
  #isCharged = false
  constructor(operation: OperationInFlight) {
    this.#operation = operation
  }
  charge(cost: number): void {
    if (this.#isCharged) return
    this.#isCharged = true
    const { rate, person } = this.#operation
    const operations = Math.ceil(cost / costEach)
    if (operations > 1) rate.owe(person, operations - 1)
  }
  [Symbol.dispose](): void {
    if (!this.#isInside) return
    this.#isInside = false
    const { inFlight, person, leave } = this.#operation
    leave?.()
    const left = (inFlight.get(person) ?? 1) - 1
    if (left === 0) inFlight.delete(person)
    else inFlight.set(person, left)
  }
}

interface OperationInFlight {
  /** By person. */
  readonly inFlight: Map<string, number>
  readonly person: string
  readonly rate: ViewerRate
  readonly leave: (() => void) | null
}

/** The refusal of what comes while everything is busy; one for all, for there is no time then. */
export const overloaded = fault('OVERLOADED', 'Expected fewer requests at a time; ask again in a second.', { status: 503, headers: { 'retry-after': '1' } })

function tooManyOperations(waitSeconds: number): GraphQLError {
  return fault('TOO_MANY_OPERATIONS', 'Expected fewer operations of one person in a minute, or at a time; ask again after the seconds that Retry-After says.', {
    status: 429,
    headers: { 'retry-after': String(waitSeconds) },
  })
}

function refused(refusal: GraphQLError): Entered {
  return { refusal, charge() {}, [Symbol.dispose]() {} }
}
