import { createClosedLoop, type LoadLength, type LoadSource } from './closed-loop.ts'

/**
 * A load generator as a process, so that its processor time is apart: the source once, then a result for each length.
 */
if (import.meta.main) {
  let loop: ReturnType<typeof createClosedLoop> | null = null
  process.on('message', async (message: LoadSource | LoadLength) => {
    try {
      if ('url' in message) loop = createClosedLoop(message)
      else process.send?.({ result: await loop?.run(message) })
    } catch (error) {
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
    }
  })
  process.on('disconnect', () => process.exit(0))
}
