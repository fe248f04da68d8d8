import type { ServiceLog } from '../schema/http/service-log.ts'
import { StoreRefused } from './store/store-refused.ts'

export interface CheckWhileServingOptions {
  /** Rejects with StoreRefused where the database is damaged. */
  readonly check: () => Promise<void>
  /** Ends the process in order, with the exit code. */
  readonly stop: (exitCode: number) => Promise<void>
  /** Tells what to do about a damaged database. */
  readonly tell: (message: string) => void
  readonly log: ServiceLog
}

/** Lets a database be checked while its store serves: where it is damaged, the store stops; where it cannot be checked, that is logged and it goes on. */
export async function checkWhileServing({ check, stop, tell, log }: CheckWhileServingOptions): Promise<void> {
  try {
    await check()
  } catch (cause) {
    if (!(cause instanceof StoreRefused)) return log('The database could not be checked; it is served as it is', cause)
    tell(cause.message)
    await stop(cause.exitCode)
  }
}
