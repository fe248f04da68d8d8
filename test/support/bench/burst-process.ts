import { type BurstOptions, sendBurst } from './burst.ts'

/** A burst from a process of its own, so that sending takes no time from who is asked. */
if (import.meta.main) {
  process.once('message', async (options: BurstOptions) => {
    process.send?.(await sendBurst(options), () => process.disconnect?.())
  })
}
