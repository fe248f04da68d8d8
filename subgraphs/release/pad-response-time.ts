import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'

/** Far longer than the difference between finding a patient and finding none. */
const stepMs = 5

/**
 * Pads the response time to 5 ms steps if the result shows nothing (`isSilent`), so that timing does not reveal whether
 * the patient exists. Returns the work's result. @default every result is silent
 */
export async function padResponseTime<Answer>(
  work: () => Promise<Answer>,
  mustPad: (answer: Answer) => boolean = () => true,
): Promise<Answer> {
  const startedAt = performance.now()
  const answer = await work()
  if (mustPad(answer)) await waitForNextStep(startedAt)
  return answer
}

async function waitForNextStep(startedAt: number): Promise<void> {
  const takenMs = performance.now() - startedAt
  const fullMs = Math.ceil(takenMs / stepMs) * stepMs
  // Timers count whole milliseconds from their start, so they would keep the work's duration to the microsecond. Turns
  // of the event loop wait for the last millisecond and serve other work meanwhile.
  await pause(fullMs - takenMs)
  while (performance.now() - startedAt < fullMs) await turn()
}
