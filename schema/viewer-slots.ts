/** Gives a slot back; called again it does nothing. */
export type ReleaseSlot = () => void

/** Limits how many requests of one viewer run concurrently; viewers do not wait for each other. */
export interface ViewerSlots {
  /** A slot of this viewer's: at once, or when one is free, in the order asked. Null: as many wait as may, or the signal, made for who waits, was aborted. */
  acquire(viewer: string, toSignal?: () => AbortSignal): ReleaseSlot | Promise<ReleaseSlot | null> | null
}

export interface ViewerSlotsOptions {
  /** Of one viewer. */
  readonly maxConcurrent: number
  /** Of one viewer. @default unlimited */
  readonly maxWaiting?: number
}

interface Viewer {
  running: number
  readonly waiting: Set<(release: ReleaseSlot | null) => void>
}

/**
 * A semaphore for each viewer that has requests. Who waits is let in on a later turn of the event loop, so that what other viewers sent meanwhile
 * is read first.
 */
export function createViewerSlots({
  maxConcurrent,
  maxWaiting = Number.POSITIVE_INFINITY,
}: ViewerSlotsOptions): ViewerSlots {
  const viewers = new Map<string, Viewer>()

  const toRelease = (id: string, viewer: Viewer): ReleaseSlot => {
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      const [next] = viewer.waiting
      if (next) {
        viewer.waiting.delete(next)
        // The slot goes from one to the other, and is never free between them.
        setImmediate(() => next(toRelease(id, viewer)))
      } else if (--viewer.running === 0) viewers.delete(id)
    }
  }
  const wait = (viewer: Viewer, signal: AbortSignal | undefined) =>
    new Promise<ReleaseSlot | null>((resolve) => {
      if (signal?.aborted) return resolve(null)
      const leave = () => {
        // Not there: the slot is on its way, and is used or given back by whoever asked.
        if (viewer.waiting.delete(enter)) resolve(null)
      }
      const enter = (release: ReleaseSlot | null) => {
        signal?.removeEventListener('abort', leave)
        resolve(release)
      }
      signal?.addEventListener('abort', leave, { once: true })
      viewer.waiting.add(enter)
    })

  return {
    acquire(id, toSignal) {
      const viewer = viewers.get(id) ?? { running: 0, waiting: new Set() }
      if (viewer.running < maxConcurrent) {
        viewers.set(id, viewer)
        viewer.running++
        return toRelease(id, viewer)
      }
      return viewer.waiting.size >= maxWaiting ? null : wait(viewer, toSignal?.())
    },
  }
}
