import type { AuditTrail } from './audit-trail.ts'
import type { HeadWitness, WitnessedHead } from './head-witness.ts'

export interface HeadPublisherOptions {
  readonly trail: AuditTrail
  /** Null: the head is only logged and saved in the register. */
  readonly witness: HeadWitness | null
  /** Receives each published head, for the log. */
  readonly onHead: (head: WitnessedHead) => void
  /** Receives the outcome of each publication to the witness. */
  readonly onWitness: (outcome: 'noted' | 'failed', cause?: unknown) => void
  /** @default the system's clock */
  readonly now?: () => number
  /** @default a minute */
  readonly intervalMs?: number
}

/** Publishes a trail's head outside its writer's folder, so that a trail that was cut or replaced is detected. */
export interface HeadPublisher {
  /** Publishes the head if it changed. Never rejects, because a witness that is down must not stop the gateway. */
  publish(): Promise<void>
  /** Publishes the head for the last time. Must be called before the trail is closed. */
  close(): Promise<void>
}

/** Publishes the head at once and then at each interval. A head that the witness did not accept is sent again. */
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
      // The register is part of the trail, whose failures are reported when events are written.
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
