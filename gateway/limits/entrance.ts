import type { GraphQLError } from 'graphql'
import { fault } from '../../schema/graphql-errors.ts'
import type { Places } from './places.ts'
import type { ViewerRate } from './viewer-rate.ts'

/** An operation let in, until it is disposed of; or why it is not. */
export interface Entered extends Disposable {
  readonly refusal: GraphQLError | null
}

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
      return new LetInOperation(inFlight, person, places.take())
    },
  }
}

/** Of a class: V8 is slow with a literal whose key is a symbol. */
class LetInOperation implements Entered {
  readonly refusal = null
  readonly #inFlight: Map<string, number>
  readonly #person: string
  readonly #leave: (() => void) | null
  #isInside = true
  constructor(inFlight: Map<string, number>, person: string, leave: (() => void) | null) {
    this.#inFlight = inFlight
    this.#person = person
    this.#leave = leave
  }
  [Symbol.dispose](): void {
    if (!this.#isInside) return
    this.#isInside = false
    this.#leave?.()
    const left = (this.#inFlight.get(this.#person) ?? 1) - 1
    if (left === 0) this.#inFlight.delete(this.#person)
    else this.#inFlight.set(this.#person, left)
  }
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
  return { refusal, [Symbol.dispose]() {} }
}
