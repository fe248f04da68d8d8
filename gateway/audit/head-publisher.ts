import type { AuditTrail } from './audit-trail.ts'
import type { HeadWitness, WitnessedHead } from './head-witness.ts'

export interface HeadPublisherOptions {
  readonly trail: AuditTrail
  /** Null: the head is kept by the register and told of alone. */
  readonly witness: HeadWitness | null
  /** Receives each head that is noted, for the log. */
  readonly onHead: (head: WitnessedHead) => void
  /** Told what became of each head that was handed to the witness. */
  readonly onWitness: (outcome: 'noted' | 'failed', cause?: unknown) => void
  /** @default the system's clock */
  readonly now?: () => number
  /** @default a minute */
  readonly intervalMs?: number
}

/** Lets a trail's head be noted elsewhere than in its writer's folder, so that a trail that was cut or replaced is found. */
export interface HeadPublisher {
  /** Notes the head now, where it has moved. Never rejects: a witness that is not there stops nothing. */
  publish(): Promise<void>
  /** Notes it for the last time; before the trail is closed. */
  close(): Promise<void>
}

/** Notes the head at once and each minute. A head that the witness did not take is handed to it again the next time. */
export function startHeadPublisher({
  trail,
  witness,
  onHead,
  onWitness,
  now = Date.now,
  intervalMs = 60_000,
}: HeadPublisherOptions): HeadPublisher {
  let lastLoggedHash: string | null = null
  let lastWitnessedHash: string | null = null
  let publishing: Promise<void> = Promise.resolve()
  const publishNow = async () => {
    const { sequence, hash } = trail.head
    const head = { writer: trail.writer, sequence, hash, time: new Date(now()).toISOString() }
    if (hash !== lastLoggedHash) {
      onHead(head)
      lastLoggedHash = hash
      // The register's word is the trail's own, whose failures are told where events are written.
      await trail.saveHeadToRegister().catch(() => {})
    }
    if (!witness || hash === lastWitnessedHash) return
    try {
      await witness.publish(head)
      lastWitnessedHash = hash
      onWitness('noted')
    } catch (cause) {
      onWitness('failed', cause)
    }
  }
  const publish = () => {
    publishing = publishing.then(publishNow).catch((cause: unknown) => onWitness('failed', cause))
    return publishing
  }
  const timer = setInterval(publish, intervalMs)
  timer.unref()
  void publish()
  return {
    publish: publish,
    async close() {
      clearInterval(timer)
      await publish()
    },
  }
}
