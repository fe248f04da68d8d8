import { z } from 'zod'
import { type Environment, setting } from './load-settings.ts'

/**
 * `production` allows none of the demo's shortcuts: no plain http beyond this machine, no demo key, person or token.
 */
export type Mode = 'production' | 'development'

/**
 * Only an explicit `NODE_ENV=development` or `test` is not production, because a missing or misspelt variable must not
 * open anything.
 */
export function toMode({ NODE_ENV }: Environment): Mode {
  return NODE_ENV === 'development' || NODE_ENV === 'test' ? 'development' : 'production'
}

/** NODE_ENV as a setting. Any text is valid. */
export const modeSetting = setting(
  'any text',
  z.string().optional(),
  {
    description:
      'Only `development` (or `test`) is not production: plain http, the demo and GraphiQL are for development alone.',
    example: 'production',
    fallback: 'production',
  },
  (text) => toMode({ NODE_ENV: text }),
)
