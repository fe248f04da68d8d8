import { describeMachine, printTimes, sorted } from '../support/bench/measure.ts'
import { parseOptions } from '../support/bench/options.ts'
import { item, numberOf, patient, publication } from '../support/store/publications.ts'
import { type System, startSystem } from '../support/system.ts'

const nhsNumber = numberOf(0)
const dayMs = 86_400_000

/**
 * How long after a commit in the store does the gateway answer with it? Out of the cache until the change is heard;
 * beside one view that reads through.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { rounds, warm } = parseOptions(args, { rounds: 1000, warm: 50 })
  await using system = await startSystem({ cache: true })
  const store = system.store('cheshire-merseyside')
  await store.publish([publication({ patients: [patient(0)], items: [] })])
  const ask = await createViewer(system)
  await untilKept(ask)
  const [afterCommit, readThrough]: [number[], number[]] = [[], []]
  for (let round = -warm; round < rounds; round++) {
    const title = `Letter ${round + warm}`
    await untilKept(ask)
    const at = new Date(Date.now() - dayMs).toISOString()
    await store.publish([
      publication({ patients: [], items: [item('documents', title, { at, fields: { title, created: at } })] }),
    ])
    const committedAt = performance.now()
    while (!(await ask({ noCache: false })).titles.includes(title));
    const shownAt = performance.now()
    await ask({ noCache: true })
    if (round < 0) continue
    afterCommit.push(shownAt - committedAt)
    readThrough.push(performance.now() - shownAt)
  }
  console.log(
    `${describeMachine()}; stores and gateway in one process, real HTTP and the change feed between them; ${rounds} documents published, each asked for until it is shown.`,
  )
  printTimes(
    'From commit in the store to the new answer',
    sorted({ 'a view that reads through': readThrough, 'commit to new answer': afterCommit }),
  )
}

interface Shown {
  readonly titles: readonly string[]
  readonly isKept: boolean
}

type Ask = (options: { readonly noCache: boolean }) => Promise<Shown>

async function createViewer(system: System): Promise<Ask> {
  const token = await system.token()
  const query = `query ($n: NHSNumber!, $noCache: Boolean!) { patient(nhsNumber: $n, noCache: $noCache, regions: [CHESHIRE_MERSEYSIDE]) {
    completeness { regions { fromCache } } documents(first: 3) { nodes { title } } } }`
  return async ({ noCache }) => {
    const { data, errors } = await system.query(query, { n: nhsNumber, noCache }, token)
    if (errors?.length) throw new Error(`Expected a view, found ${JSON.stringify(errors)}`)
    const { completeness, documents } = data.patient
    return {
      titles: documents.nodes.map(({ title }: { readonly title: string }) => title),
      isKept: completeness.regions[0].fromCache,
    }
  }
}

/** Until the region's answer is kept, so that a change has something to make untrue. */
async function untilKept(ask: Ask): Promise<void> {
  while (!(await ask({ noCache: false })).isKept);
}
