import { LRUCache } from 'lru-cache'

/** What was answered to what was sent, for one holder of a token alone. */
export interface AnswerMemory<Answer extends object> {
  find(holder: object, sent: string): Answer | undefined
  /** `bytes`: what the answer takes. */
  keep(holder: object, sent: string, answer: Answer, bytes: number): void
  forget(holder: object, sent: string): void
  /** All that is kept takes so many. */
  readonly bytes: number
}

/** Beside the bytes of the answer and the characters that were sent. */
const entryBytes = 2000

/** Answers in a bounded number of bytes, those asked for last; holders are told apart as objects, for two may say the same of themselves. */
export function createAnswerMemory<Answer extends object>(maxBytes: number): AnswerMemory<Answer> {
  const answers = new LRUCache<string, Answer>({ maxSize: Math.max(1, Math.floor(maxBytes)) })
  const numbers = new WeakMap<object, number>()
  let count = 0
  const keyOf = (holder: object, sent: string) => {
    const known = numbers.get(holder)
    if (known !== undefined) return `${known} ${sent}`
    numbers.set(holder, ++count)
    return `${count} ${sent}`
  }
  return {
    find: (holder, sent) => answers.get(keyOf(holder, sent)),
    keep: (holder, sent, answer, bytes) => void answers.set(keyOf(holder, sent), answer, { size: entryBytes + sent.length + bytes }),
    forget: (holder, sent) => void answers.delete(keyOf(holder, sent)),
    get bytes() {
      return answers.calculatedSize
    },
  }
}
