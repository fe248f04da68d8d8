import { describeMachine } from '../support/bench/measure.ts'
import { parseOptions } from '../support/bench/options.ts'
import { measureOwnTime } from '../support/bench/own-time.ts'

/**
 * Is the gateway's own time as long as it says, by a client before it and proxies between it and its stores? Lists of
 * one patient, ten and fifty.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { requests, warm, patients } = parseOptions(args, { requests: 300, warm: 100, patients: 50 })
  console.log(
    `${describeMachine()}; real stores, nothing from the cache, one request at a time, ${requests} for each figure after ${warm}; means in ms.`,
  )
  const rows: [string, object][] = []
  for (const count of new Set([1, 10, 50].map((one) => Math.min(one, patients)))) {
    const { toldMs, seenMs, waysMs, clientMs } = await measureOwnTime({ requests, warm, patients: count })
    rows.push([
      `${count} of WardList`,
      {
        'histogram ms': round(toldMs),
        'seen from outside ms': round(seenMs),
        ratio: round(toldMs / seenMs),
        'ways, taken off ms': round(waysMs),
        'whole answer ms': round(clientMs),
      },
    ])
  }
  console.table(Object.fromEntries(rows))
}

function round(value: number): number {
  return Number(value.toFixed(3))
}
