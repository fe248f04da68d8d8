import { z } from 'zod'
import { setting, wholeNumber } from './load-settings.ts'

/** info: every request; warn: slow ones, and those that failed; error: none. */
export type RequestLogLevel = 'info' | 'warn' | 'error'

/** Which requests a service logs. */
export interface RequestLogSettings {
  readonly level: RequestLogLevel
  /** A request that took longer is slow. */
  readonly slowMs: number
}

/** The settings of RequestLogSettings. */
export const requestLogSettings = {
  LOG_LEVEL: setting('info, warn or error', z.enum(['info', 'warn', 'error']).default('info'), {
    description:
      'Requests that get a line of JSON on standard output: all (`info`), slow and failed ones (`warn`), or none (`error`).',
    example: 'warn',
  }),
  SLOW_MS: setting('a number of milliseconds', wholeNumber.default(1000), {
    description: 'Milliseconds after which a request counts as slow.',
    example: '500',
  }),
}
