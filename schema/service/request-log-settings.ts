import { z } from 'zod'
import { setting, wholeNumber } from './load-settings.ts'

/** Which requests are logged. `info`: all; `warn`: slow and failed ones; `error`: none. */
export type RequestLogLevel = 'info' | 'warn' | 'error'

/** Settings of the request log. */
export interface RequestLogSettings {
  readonly level: RequestLogLevel
  /** Milliseconds above which a request counts as slow. */
  readonly slowMs: number
}

/** The environment variables of RequestLogSettings. */
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
