import type { CooperativeTask } from './cooperative-task.ts'

/**
 * A figure that is to be published, as an arc between two sums: at every node what comes in is what goes out. A total
 * goes into the node that its parts leave. A zero is always published.
 */
export interface Flow {
  readonly from: string
  readonly to: string
  readonly count: number
  /** It is published whatever the others are, unless it is small itself. */
  readonly mustPublish?: boolean
}

/** Counts from 1 to 4 are not published. */
export function isSmall(count: number): boolean {
  return count >= 1 && count < 5
}

/**
 * The figures as they may be published, null where one is small or would give a small one away: whoever knows all the
 * others, how they add up, and that no null is a zero, still finds two or more values from 1 to 4 for each small one.
 * Null instead of a list where nothing less than all would do.
 *
 * Complementary suppression by network flow: a hidden figure has another value exactly if there is a cycle through it
 * along which hidden figures can all be changed by one, up along it and down against it. Where there is none, the
 * cheapest cycle is hidden too. For each small figure the time is at most that of a look at all figures; a step is a
 * part of it.
 */
export function* suppress(flows: readonly Flow[]): CooperativeTask<readonly (number | null)[] | null> {
  const small = [...flows.keys()].filter((index) => isSmall(flows[index]?.count ?? 0))
  if (small.length > mostSmall) return null
  if (small.some((index) => flows[index]?.mustPublish)) return null
  const network = createNetwork(flows)
  const hidden = new Set<number>()
  const hide = (index: number) => {
    if (hidden.has(index)) return
    hidden.add(index)
    network.hide(index)
  }
  for (const index of small) hide(index)
  for (const index of small) {
    // Most have one among what is hidden already, which is little to look through.
    if (yield* network.hasHiddenCycle(index)) continue
    const cycle = yield* network.findCheapestCycle(index, (one) => (hidden.has(one) ? 0 : toHidingCost(flows[one])))
    if (!cycle) return null
    for (const one of cycle) hide(one)
  }
  return flows.map(({ count }, index) => (hidden.has(index) ? null : count))
}

/** Of more small figures, none is published: each may need a look at all the others. Two regions' have some hundred. */
const mostSmall = 10_000

/** What hiding one more costs; null: it is not to be hidden. Few before many, small before large. */
function toHidingCost(flow: Flow | undefined): number | null {
  return !flow || flow.mustPublish ? null : 4 + Math.log2(flow.count)
}

/** A way from one node to another along a flow, which is then one more, or against it, and it is one less. */
interface Arc {
  readonly index: number
  readonly to: number
}

interface Network {
  /** Lets the ways of a flow be among the hidden ones. */
  hide(index: number): void
  /** Whether a cycle of hidden flows gives this one another value from 1 to 4. */
  hasHiddenCycle(index: number): CooperativeTask<boolean>
  /** The other flows of the cheapest cycle that does; null: there is none. */
  findCheapestCycle(index: number, toCost: (index: number) => number | null): CooperativeTask<readonly number[] | null>
}

/** Ways that are looked at between two steps. */
const arcsPerStep = 5_000

function createNetwork(flows: readonly Flow[]): Network {
  const nodes = new Map<string, number>()
  const nodeOf = (name: string) => {
    const known = nodes.get(name) ?? nodes.size
    nodes.set(name, known)
    return known
  }
  const ends = flows.map(({ from, to }) => ({ from: nodeOf(from), to: nodeOf(to) }))
  const createArcs = () => Array.from(nodes, (): Arc[] => [])
  const arcs = createArcs()
  const hiddenArcs = createArcs()
  const add = (to: readonly Arc[][], index: number) => {
    const count = flows[index]?.count ?? 0
    const end = ends[index]
    if (!end || count === 0) return
    to[end.from]?.push({ index, to: end.to })
    // One less must leave one: a null is never a zero.
    if (count > 1) to[end.to]?.push({ index, to: end.from })
  }
  for (const index of flows.keys()) add(arcs, index)

  /** The ways by which a flow may be one more, and one less, each from where its own way ends to where it begins. */
  const waysOf = (index: number) => {
    const count = flows[index]?.count ?? 0
    const { from, to } = ends[index] ?? { from: 0, to: 0 }
    return [...(count < 4 ? [{ start: to, end: from }] : []), ...(count > 1 ? [{ start: from, end: to }] : [])]
  }
  const searchHidden = createSearch(hiddenArcs)
  const searchAll = createSearch(arcs)
  return {
    hide: (index) => add(hiddenArcs, index),
    *hasHiddenCycle(index) {
      const costs = (one: number) => (one === index ? null : 0)
      for (const { start, end } of waysOf(index)) if (yield* searchHidden(start, end, costs)) return true
      return false
    },
    *findCheapestCycle(index, toCost) {
      const costs = (one: number) => (one === index ? null : toCost(one))
      let least: Path | null = null
      for (const { start, end } of waysOf(index)) {
        const found: Path | null = yield* searchAll(start, end, costs)
        if (found && (!least || found.cost < least.cost)) least = found
      }
      return least?.flows ?? null
    },
  }
}

interface Path {
  readonly cost: number
  readonly flows: readonly number[]
}

/**
 * Dijkstra's search for the cheapest path, null where there is none; what it keeps of each node is kept from search to
 * search, and known as another's by its turn.
 */
function createSearch(arcs: readonly (readonly Arc[])[]) {
  const turns = new Int32Array(arcs.length)
  const doneTurns = new Int32Array(arcs.length)
  const costs = new Float64Array(arcs.length)
  const cameFrom = new Int32Array(arcs.length)
  const cameBy = new Int32Array(arcs.length)
  let searchNumber = 0
  let visitedArcs = 0

  return function* search(
    start: number,
    end: number,
    toCost: (index: number) => number | null,
  ): CooperativeTask<Path | null> {
    searchNumber++
    const open = createPriorityQueue()
    // As cheap as what was taken last, so none is cheaper: most are, among what is hidden.
    const next: number[] = []
    turns[start] = searchNumber
    costs[start] = 0
    for (let node: number | null = start; node !== null; node = next.pop() ?? open.take()) {
      if (doneTurns[node] === searchNumber) continue
      doneTurns[node] = searchNumber
      const reached = costs[node] ?? 0
      if (node === end) return { cost: reached, flows: flowsTo(end, start) }
      for (const { index, to } of arcs[node] ?? []) {
        if (++visitedArcs % arcsPerStep === 0) yield
        const cost = toCost(index)
        if (
          cost === null ||
          doneTurns[to] === searchNumber ||
          (turns[to] === searchNumber && (costs[to] ?? 0) <= reached + cost)
        )
          continue
        turns[to] = searchNumber
        costs[to] = reached + cost
        cameFrom[to] = node
        cameBy[to] = index
        if (cost === 0) next.push(to)
        else open.add(to, reached + cost)
      }
    }
    return null
  }

  function flowsTo(end: number, start: number): readonly number[] {
    const flows: number[] = []
    for (let node = end; node !== start; node = cameFrom[node] ?? start) flows.push(cameBy[node] ?? 0)
    return flows
  }
}

/** A priority queue (binary heap): the cheapest first. */
function createPriorityQueue() {
  const nodes: number[] = []
  const costs: number[] = []
  const costAt = (place: number) => costs[place] ?? Number.POSITIVE_INFINITY
  const put = (place: number, node: number, cost: number) => {
    nodes[place] = node
    costs[place] = cost
  }
  return {
    add(node: number, cost: number): void {
      let place = nodes.length
      for (let above = (place - 1) >> 1; place > 0 && costAt(above) > cost; above = (place - 1) >> 1) {
        put(place, nodes[above] ?? 0, costAt(above))
        place = above
      }
      put(place, node, cost)
    },
    /** Null: it is empty. */
    take(): number | null {
      const cheapest = nodes[0]
      const node = nodes.pop()
      const cost = costs.pop()
      if (cheapest === undefined || node === undefined || cost === undefined) return null
      if (nodes.length === 0) return cheapest
      let place = 0
      for (;;) {
        const left = 2 * place + 1
        const least = costAt(left + 1) < costAt(left) ? left + 1 : left
        if (least >= nodes.length || costAt(least) >= cost) break
        put(place, nodes[least] ?? 0, costAt(least))
        place = least
      }
      put(place, node, cost)
      return cheapest
    },
  }
}
