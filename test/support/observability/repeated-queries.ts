import { setTimeout as delay } from 'node:timers/promises'

// As people do between two looks; and other tests have the machine too.
const pauseMs = 50

/** Askers who ask again soon after they have their answer, until they are let go. */
export interface RepeatedQueries extends AsyncDisposable {
  /** Answers so far. */
  readonly answers: number
}

/** Lets each of these ask, over and over; what an asker rejects with is told at the end. */
export function startRepeatedQueries(askers: readonly (() => Promise<unknown>)[]): RepeatedQueries {
  let going = true
  let answers = 0
  const all = askers.map(async (ask) => {
    for (; going; answers++) {
      await ask()
      await delay(pauseMs)
    }
  })
  const ended = Promise.all(all)
  ended.catch(() => {})
  return {
    get answers() {
      return answers
    },
    async [Symbol.asyncDispose]() {
      going = false
      await ended
    },
  }
}
