import { describeMachine, measure, printTimes } from '../support/bench/measure.ts'
import { parseOptions } from '../support/bench/options.ts'
import { oversizedOperations } from '../support/limits/oversized-operations.ts'
import { executionPaths, sendOperation } from '../support/limits/send-operation.ts'
import { startSystem } from '../support/system.ts'

/**
 * How long is it until something dangerous is refused, beside the time of the least operation that is answered? No text
 * is sent twice.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { rounds, warm } = parseOptions(args, { rounds: 200, warm: 50 })
  await using system = await startSystem()
  const token = await system.token()
  const limited = await system.another({ operationsPerMinute: 1 })
  let serial = 0
  const send = (query: string, url = system.url) =>
    sendOperation(url, { query: `${query} # ${serial++}` }, { token, mediaType: executionPaths[0][1] })
  await send('{ viewer { id } }', limited)
  const documents = Object.entries(oversizedOperations).map(([danger, [text]]) => [danger, () => send(text)] as const)
  console.log(`${describeMachine()}; stores and gateway in one process, over HTTP, one at a time, ${rounds} rounds.`)
  const times = await measure(
    {
      'answered: { viewer { id } }': () => send('{ viewer { id } }'),
      ...Object.fromEntries(documents),
      'the whole schema': () => send('{ __schema { types { name } } }'),
      'a body too large': () => send(`{ viewer { id } } # ${'x'.repeat(100_000)}`),
      'one too many in a minute': () => send('{ viewer { id } }', limited),
    },
    { rounds, warmUp: warm },
  )
  printTimes('Until it is refused', times)
}
