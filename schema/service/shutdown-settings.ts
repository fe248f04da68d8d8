import { z } from 'zod'
import { decimalNumber, setting } from './load-settings.ts'

/** How a service shuts down at SIGTERM. */
export interface ShutdownSettings {
  /** Milliseconds for which new connections are still accepted after /readyz fails. */
  readonly drainMs: number
  /** Milliseconds after that until the process exits with 1, whatever is still in flight. */
  readonly stopMs: number
}

const seconds = (least: number) => decimalNumber.pipe(z.number().min(least).max(3600))

/**
 * The environment variables of ShutdownSettings. The sum defaults to eight seconds, because container runtimes kill
 * after ten.
 */
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
