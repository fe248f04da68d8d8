import { z } from 'zod'
import { decimalNumber, setting } from './load-settings.ts'

/** How a service ends at SIGTERM. */
export interface ShutdownSettings {
  /** How long new connections are still taken once /readyz is off. */
  readonly drainMs: number
  /** How long after that the rest may take, before the process ends with 1 whatever goes on. */
  readonly stopMs: number
}

const seconds = (least: number) => decimalNumber.pipe(z.number().min(least).max(3600))

/** The settings of ShutdownSettings. Eight seconds, for container runtimes kill after ten. */
export const shutdownSettings = {
  DRAIN_SECONDS: setting('a number of seconds from 0 to 3600', seconds(0).default(0), {
    description:
      'Seconds after SIGTERM in which new connections are still accepted, for a load balancer that polls `/readyz`.',
    example: '5',
  }),
  STOP_SECONDS: setting('a number of seconds from 1 to 3600', seconds(1).default(8), {
    description:
      'Seconds after that in which requests may end before they are cut off with exit code 1; less than the service manager waits.',
    example: '20',
  }),
}
