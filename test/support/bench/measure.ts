import { cpus, loadavg } from 'node:os'

/** Something to be timed, by what it is called in the table. */
export type Subjects = Readonly<Record<string, () => Promise<unknown>>>

/** Times in milliseconds, sorted. */
export type Times = Readonly<Record<string, readonly number[]>>

/**
 * Times each subject so often, one after the other and in turn, so that whatever else the machine does falls on all
 * alike; the turn begins with another each round. The warm-up is not counted.
 */
export async function measure(
  subjects: Subjects,
  { rounds, warmUp }: { readonly rounds: number; readonly warmUp: number },
): Promise<Times> {
  const all = Object.entries(subjects)
  const times: Record<string, number[]> = Object.fromEntries(all.map(([name]) => [name, []]))
  for (let round = -warmUp; round < rounds; round++) {
    for (let turn = 0; turn < all.length; turn++) {
      const [name, subject] = all[(turn + Math.abs(round)) % all.length] ?? ['', async () => {}]
      const startedAt = performance.now()
      await subject()
      if (round >= 0) times[name]?.push(performance.now() - startedAt)
    }
  }
  return sorted(times)
}

/** The same times in order, as printTimes wants them. */
export function sorted(times: Times): Times {
  return Object.fromEntries(Object.entries(times).map(([name, one]) => [name, one.toSorted((a, b) => a - b)]))
}

/** Prints median and 99th percentile of each subject, and their ratio to the first one's. */
export function printTimes(question: string, times: Times): void {
  const rows = Object.entries(times).map(([name, sorted]) => ({
    name,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  }))
  const [baseline] = rows
  if (!baseline) return
  const round = (value: number) => Number(value.toFixed(2))
  console.log(`\n${question}`)
  console.table(
    Object.fromEntries(
      rows.map(({ name, p50, p99 }) => [
        name,
        {
          'p50 ms': round(p50),
          'p99 ms': round(p99),
          'p50 ratio': round(p50 / baseline.p50),
          'p99 ratio': round(p99 / baseline.p99),
        },
      ]),
    ),
  )
}

/** The machine, and how busy it was before the first of the measurements. */
export function describeMachine(): string {
  const all = cpus()
  return `${new Date().toISOString()}, Node ${process.version}, ${all.length} x ${all[0]?.model ?? 'unknown'}, load ${loadavg()[0]?.toFixed(2)}`
}

function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
}
