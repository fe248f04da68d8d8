import type { FeedStore } from './feed-store.ts'

/**
 * Resolves when the store has not been asked for twenty times as long as a listener leaves it alone: that something
 * ends shows only in time.
 */
export async function untilPollingStops(system: FeedStore): Promise<void> {
  let looks = -1
  while (looks !== system.looks) {
    looks = system.looks
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}
