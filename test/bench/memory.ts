import { held } from '../support/bench/bench-record.ts'
import { startBenchSystem } from '../support/bench/bench-system.ts'
import { startLoad } from '../support/bench/load.ts'
import { describeMachine } from '../support/bench/measure.ts'
import { parseOptions } from '../support/bench/options.ts'
import { rssMbOf } from '../support/bench/process-cost.ts'

const connections = 16
const small = { documents: 2, medications: 1, allergies: 1 } as const

/**
 * Does the gateway's memory stay flat over a million different views? Each is of another patient, and may be cached, so
 * the cache is full and makes way all along.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { views, samples, full } = parseOptions(args, { views: 1_000_000, samples: 40, full: false })
  const counts = full ? held : small
  await using system = await startBenchSystem({ patients: 0, model: { counts } })
  const { pid } = system.gateway
  const idleMb = rssMbOf(pid)
  const each = Math.ceil(views / samples)
  await using load = startLoad({
    url: system.url,
    headers: { authorization: `Bearer ${system.token}` },
    query,
    variable: 'nhsNumber',
    numbers: (each + connections) * samples,
    path: 'data.patient.medications.nodes',
    length: 2 * counts.medications,
    connections,
  })
  console.log(
    `${describeMachine()}; ${connections} connections, model stores; ${Object.values(counts).join(', ')} documents, medicines, allergies from each region.`,
  )
  console.log(`\n    views  views/s   RSS MB   (at rest ${idleMb.toFixed(0)} MB)`)
  const found: number[] = []
  const startedAt = performance.now()
  for (let done = 0; done < views; ) {
    const { answers, seconds } = await load.run({ answers: each })
    done += answers
    const rssMb = rssMbOf(pid)
    found.push(rssMb)
    console.log(
      `${String(done).padStart(9)}  ${(answers / seconds).toFixed(0).padStart(7)}  ${rssMb.toFixed(0).padStart(7)}`,
    )
  }
  const minutes = (performance.now() - startedAt) / 60_000
  const quarter = Math.ceil(found.length / 4)
  // The first quarter fills the cache and compiles the code.
  const second = mean(found.slice(quarter, 2 * quarter))
  const last = mean(found.slice(-quarter))
  console.log(
    `\n${minutes.toFixed(1)} minutes; most ${Math.max(...found).toFixed(0)} MB; second quarter ${second.toFixed(0)} MB, last ${last.toFixed(0)} MB, ratio ${(last / second).toFixed(2)}`,
  )
}

const query = `query Memory($nhsNumber: NHSNumber!) { patient(nhsNumber: $nhsNumber) {
  completeness { complete regions { region { code } status fromCache } }
  demographics { name { full } birthDate }
  documents(first: 40) { nodes { id sources { region } title created } }
  medications { nodes { id sources { region } medicine { text } dosage } }
  allergies { message nodes { id sources { region } substance { text } } }
} }`

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
