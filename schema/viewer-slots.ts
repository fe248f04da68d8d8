/** Releases a slot; further calls do nothing. */
export type ReleaseSlot = () => void

/** Limits how many requests of one viewer run concurrently. Viewers do not wait for each other. */
export interface ViewerSlots {
  /**
   * Acquires a slot for this viewer, at once or in order of asking. Null if the queue is full or the signal aborts; the
   * signal is only created for a request that waits.
   */
  acquire(viewer: string, toSignal?: () => AbortSignal): ReleaseSlot | Promise<ReleaseSlot | null> | null
}

export interface ViewerSlotsOptions {
  /** Most requests of one viewer that run concurrently. */
  readonly maxConcurrent: number
  /** Most requests of one viewer that wait. @default unlimited */
  readonly maxWaiting?: number
}

interface Viewer {
  running: number
  readonly waiting: Set<(release: ReleaseSlot | null) => void>
}

/**
 * Creates one semaphore for each viewer with requests. A waiting request starts on a later turn of the event loop, so
 * that other viewers' requests are read first.
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
        // The slot passes directly to the next request, so that no other can take it meanwhile.
        setImmediate(() => next(toRelease(id, viewer)))
      } else if (--viewer.running === 0) viewers.delete(id)
    }
  }
  const wait = (viewer: Viewer, signal: AbortSignal | undefined) =>
    new Promise<ReleaseSlot | null>((resolve) => {
      if (signal?.aborted) return resolve(null)
      const leave = () => {
        // If the request is not in the queue, it already has its slot and will release it itself.
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
