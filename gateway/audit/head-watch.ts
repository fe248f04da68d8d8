import type { AuditTrail } from './audit-trail.ts'
import type { HeadWitness, NotedHead } from './head-witness.ts'

export interface HeadWatchOptions {
  readonly trail: AuditTrail
  /** Null: the head is kept by the register and told of alone. */
  readonly witness: HeadWitness | null
  /** Receives each head that is noted, for the log. */
  readonly onHead: (head: NotedHead) => void
  /** Told what became of each head that was handed to the witness. */
  readonly onWitness: (outcome: 'noted' | 'failed', cause?: unknown) => void
  /** @default the system's clock */
  readonly now?: () => number
  /** @default a minute */
  readonly everyMs?: number
}

/** Lets a trail's head be noted elsewhere than in its writer's folder, so that a trail that was cut or replaced is found. */
export interface HeadWatch {
  /** Notes the head now, where it has moved. Never rejects: a witness that is not there stops nothing. */
  note(): Promise<void>
  /** Notes it for the last time; before the trail is closed. */
  close(): Promise<void>
}

/** Notes the head at once and each minute. A head that the witness did not take is handed to it again the next time. */
export function watchHead({ trail, witness, onHead, onWitness, now = Date.now, everyMs = 60_000 }: HeadWatchOptions): HeadWatch {
  let told: string | null = null
  let witnessed: string | null = null
  let noting: Promise<void> = Promise.resolve()
  const noteNow = async () => {
    const { sequence, hash } = trail.head
    const head = { writer: trail.writer, sequence, hash, time: new Date(now()).toISOString() }
    if (hash !== told) {
      onHead(head)
      told = hash
      // The register's word is the trail's own, whose failures are told where events are written.
      await trail.noteHead().catch(() => {})
    }
    if (!witness || hash === witnessed) return
    try {
      await witness.note(head)
      witnessed = hash
      onWitness('noted')
    } catch (cause) {
      onWitness('failed', cause)
    }
  }
  const note = () => {
    noting = noting.then(noteNow).catch((cause: unknown) => onWitness('failed', cause))
    return noting
  }
  const timer = setInterval(note, everyMs)
  timer.unref()
  void note()
  return {
    note,
    async close() {
      clearInterval(timer)
      await note()
    },
  }
}
