import type { Environment } from './load-settings.ts'

/** `production` takes no shortcut of the demo: no plain http beyond this machine, no demo key, person or token. */
export type Mode = 'production' | 'development'

/** Only an explicit `NODE_ENV=development` (or `test`) is not production: a forgotten or misspelt variable must not open anything. */
export function toMode({ NODE_ENV }: Environment): Mode {
  return NODE_ENV === 'development' || NODE_ENV === 'test' ? 'development' : 'production'
}
