import { Session } from 'node:inspector/promises'

/**
 * How often blocks of these folders' code are entered while work is done, by V8's own count (precise coverage): steps that nothing of the code
 * under test counts for itself. The same work gives the same number, however busy the machine is.
 */
export async function countSteps(folder: string, work: () => unknown): Promise<number> {
  const session = new Session()
  session.connect()
  try {
    await session.post('Profiler.enable')
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
    await work()
    const { result } = await session.post('Profiler.takePreciseCoverage')
    const own = result.filter(({ url }) => url.includes(folder))
    return own.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges)).reduce((sum, { count }) => sum + count, 0)
  } finally {
    await session.post('Profiler.stopPreciseCoverage')
    session.disconnect()
  }
}
