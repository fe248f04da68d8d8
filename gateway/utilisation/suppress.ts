/**
 * A figure that is to be published, as an arc between two sums: at every node what comes in is what goes out. A total goes into the node that its
 * parts leave. A zero is always published.
 */
export interface Flow {
  readonly from: string
  readonly to: string
  readonly count: number
  /** It is published whatever the others are, unless it is small itself. */
  readonly kept?: boolean
}

/** Counts from 1 to 4 are not published. */
export function isSmall(count: number): boolean {
  return count >= 1 && count < 5
}

/**
 * The figures as they may be published, null where one is small or would give a small one away: whoever knows all the others, how they add up,
 * and that no null is a zero, still finds two or more values from 1 to 4 for each small one. Null instead of a list where nothing less than all
 * would do.
 *
 * Complementary suppression by network flow: a hidden figure has another value exactly if there is a cycle through it along which hidden figures
 * can all be changed by one, up along it and down against it. Where there is none, the cheapest cycle is hidden too.
 */
export function suppress(flows: readonly Flow[]): readonly (number | null)[] | null {
  const small = [...flows.keys()].filter((index) => isSmall(flows[index]?.count ?? 0))
  if (small.some((index) => flows[index]?.kept)) return null
  const arcs = createArcs(flows)
  const hiddenArcs = createArcs(flows)
  const hidden = new Set<number>()
  const hide = (index: number) => {
    if (hidden.has(index)) return
    hidden.add(index)
    hiddenArcs.add(index)
  }
  for (const index of flows.keys()) arcs.add(index)
  for (const index of small) hide(index)
  for (const index of small) {
    // Most have one among what is hidden already, which is little to look through.
    if (findCycle(flows, hiddenArcs, index, () => 0)) continue
    const cycle = findCycle(flows, arcs, index, (one) => (hidden.has(one) ? 0 : costOf(flows[one])))
    if (!cycle) return null
    for (const one of cycle) hide(one)
  }
  return flows.map(({ count }, index) => (hidden.has(index) ? null : count))
}

/** What hiding one more costs; null: it is not to be hidden. Few before many, small before large. */
function costOf(flow: Flow | undefined): number | null {
  return !flow || flow.kept ? null : 4 + Math.log2(flow.count)
}

/** A way from one node to another along a flow, which is then one more, or against it, and it is one less. */
interface Arc {
  readonly index: number
  readonly to: string
}

/** The ways that flows make, by the node that they leave. */
interface Arcs {
  add(index: number): void
  from(node: string): readonly Arc[]
}

function createArcs(flows: readonly Flow[]): Arcs {
  const arcs = new Map<string, Arc[]>()
  const put = (from: string, arc: Arc) => {
    const known = arcs.get(from)
    if (known) known.push(arc)
    else arcs.set(from, [arc])
  }
  return {
    add(index) {
      const flow = flows[index]
      if (!flow || flow.count === 0) return
      put(flow.from, { index, to: flow.to })
      // One less must leave one: a null is never a zero.
      if (flow.count > 1) put(flow.to, { index, to: flow.from })
    },
    from: (node) => arcs.get(node) ?? [],
  }
}

/** The flows of the cheapest cycle through one, itself left out, by which it has another value from 1 to 4. */
function findCycle(flows: readonly Flow[], arcs: Arcs, index: number, toCost: (index: number) => number | null): readonly number[] | null {
  const flow = flows[index]
  if (!flow) return null
  const costs = (one: number) => (one === index ? null : toCost(one))
  const up = flow.count < 4 ? findPath(arcs, flow.to, flow.from, costs) : null
  // Nothing is cheaper than hiding nothing.
  const down = flow.count > 1 && up?.cost !== 0 ? findPath(arcs, flow.from, flow.to, costs) : null
  return (up && down && down.cost < up.cost ? down : (up ?? down))?.flows ?? null
}

interface Reached {
  readonly cost: number
  readonly flows: readonly number[]
}

/** Dijkstra's cheapest path; there are few nodes. */
function findPath(arcs: Arcs, start: string, end: string, toCost: (index: number) => number | null): Reached | null {
  const open = new Map<string, Reached>([[start, { cost: 0, flows: [] }]])
  const done = new Set<string>()
  let least = 0
  while (open.size > 0) {
    const [node, reached] = takeCheapest(open, least)
    least = reached.cost
    if (node === end) return reached
    open.delete(node)
    done.add(node)
    for (const { index, to } of arcs.from(node)) {
      const cost = toCost(index)
      const known = open.get(to)
      if (cost === null || done.has(to) || (known && known.cost <= reached.cost + cost)) continue
      open.set(to, { cost: reached.cost + cost, flows: [...reached.flows, index] })
    }
  }
  return null
}

/** Nothing open is below what was taken last, so the first that is as cheap will do. */
function takeCheapest(open: ReadonlyMap<string, Reached>, least: number): readonly [string, Reached] {
  let cheapest: readonly [string, Reached] | null = null
  for (const one of open) {
    if (one[1].cost <= least) return one
    if (!cheapest || one[1].cost < cheapest[1].cost) cheapest = one
  }
  if (!cheapest) throw new Error('Suppression: expected a way to go on')
  return cheapest
}
