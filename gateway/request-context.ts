import type { TokenHolder } from '../schema/access-token.ts'
import type { RegionLoader } from './regions/region-loader.ts'

/** What every resolver of one request may use. */
export interface RequestContext {
  readonly holder: TokenHolder
  readonly loader: RegionLoader
}
