/** A .cpuprofile of V8, as far as self times need it (Chrome DevTools Protocol, Profiler.Profile). */
export interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  }[]
  readonly samples: readonly number[]
  /** Microseconds from each sample to the one before. */
  readonly timeDeltas: readonly number[]
}

/** How long something ran itself, what it called left out. */
export interface SelfTime {
  readonly name: string
  readonly ms: number
}

/** Self times by a name for each place in the code, longest first. `(idle)` is left out: nothing ran. */
export function toSelfTimes(
  { nodes, samples, timeDeltas }: CpuProfile,
  nameOf: (place: Place) => string,
): readonly SelfTime[] {
  const places = new Map(nodes.map(({ id, callFrame }) => [id, toPlace(callFrame)]))
  const times = new Map<string, number>()
  for (const [index, id] of samples.entries()) {
    const place = places.get(id)
    if (!place || place.name === '(idle)') continue
    const name = nameOf(place)
    times.set(name, (times.get(name) ?? 0) + (timeDeltas[index] ?? 0) / 1000)
  }
  return [...times].map(([name, ms]) => ({ name, ms })).sort((a, b) => b.ms - a.ms)
}

export interface Place {
  /** Of the function; V8's own, as `(garbage collector)`, in parentheses. */
  readonly name: string
  /** From the project's root, the package's name first for what is installed; empty for V8's own. */
  readonly file: string
  readonly line: number
  /** The package's name, `node` for Node's own, the project's folders two deep; V8's own by their names. */
  readonly part: string
}

function toPlace({ functionName, url, lineNumber }: CpuProfile['nodes'][number]['callFrame']): Place {
  const name = functionName || '(anonymous)'
  const line = lineNumber + 1
  if (url === '') return { name, file: '', line, part: name.startsWith('(') ? name : '(native)' }
  if (url.startsWith('node:')) return { name, file: url, line, part: 'node' }
  const path = decodeURIComponent(url.replace(/^file:\/\//, ''))
  const installed = path.split('node_modules/').at(-1) ?? path
  if (installed !== path) {
    const parts = installed.split('/')
    return { name, file: installed, line, part: parts.slice(0, installed.startsWith('@') ? 2 : 1).join('/') }
  }
  const root = new URL('../../../', import.meta.url).pathname
  const own = path.startsWith(root) ? path.slice(root.length) : path
  return { name, file: own, line, part: own.split('/').slice(0, 2).join('/') }
}
