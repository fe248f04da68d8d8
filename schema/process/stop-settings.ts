import { z } from 'zod'
import { setting, someText } from './load-settings.ts'

/** How a service ends at SIGTERM. */
export interface StopSettings {
  /** How long new connections are still taken once /readyz is off. */
  readonly drainMs: number
  /** How long after that the rest may take, before the process ends with 1 whatever goes on. */
  readonly stopMs: number
}

const seconds = (least: number) => someText.transform(Number).pipe(z.number().min(least).max(3600))

/** The settings of StopSettings. Eight seconds, for container runtimes kill after ten. */
export const stopSettings = {
  DRAIN_SECONDS: setting('a number of seconds from 0 to 3600', seconds(0).default(0)),
  STOP_SECONDS: setting('a number of seconds from 1 to 3600', seconds(1).default(8)),
}
