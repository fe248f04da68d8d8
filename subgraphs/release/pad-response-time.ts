import { setTimeout as pause, setImmediate as turn } from 'node:timers/promises'

/** Far longer than what it takes longer to look a patient up than not to find one. */
const stepMs = 5

/**
 * Does the work and gives what comes of it, where it `isSilent` at the next full step since the asking: what shows nothing of a patient says
 * nothing by its time either. @default all that comes of it is silent
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
  // A timer counts whole milliseconds from when it is set, so it would pass the work's length on to the microsecond: the last one is left
  // to turns of the event loop, which serve whatever else there is to do.
  await pause(fullMs - takenMs)
  while (performance.now() - startedAt < fullMs) await turn()
}
