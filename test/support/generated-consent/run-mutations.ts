import { oracleOf } from './expect-regions.ts'
import { findDifference } from './find-difference.ts'
import type { ChangeModel } from './model.ts'
import { glassMutation, permissionMutation } from './queries.ts'
import { askedNumber, type RecordedGrant, type Scenario } from './scenario.ts'
import type { ScenarioSystem } from './scenario-system.ts'
import { toChangeFacts } from './to-facts.ts'

interface Played {
  readonly scene: Scenario
  readonly findings: readonly string[]
}

const administrative = ['R8006', 'R8008', 'R8010']

/** Makes the world's changes through the gateway, one after the other; the scene with what they gave. */
export async function runMutations(stage: ScenarioSystem, scene: Scenario): Promise<Played> {
  let played: Played = { scene, findings: [] }
  for (const change of scene.world.changes) {
    const { findings, given } = await playChange(stage, played.scene, change)
    played = {
      scene: { ...played.scene, given: [...played.scene.given, ...given] },
      findings: [...played.findings, ...findings],
    }
  }
  return played
}

interface Made {
  readonly status: string
  readonly until: string | null
  readonly grant?: string | null
}

async function playChange(
  stage: ScenarioSystem,
  scene: Scenario,
  change: ChangeModel,
): Promise<{ readonly findings: readonly string[]; readonly given: readonly RecordedGrant[] }> {
  const { viewer, patient, region, kind } = change
  // Whether administrative staff may record what a patient says, consent.md does not say.
  if (kind === 'permission' && administrative.includes(scene.world.viewers[viewer].role))
    return { findings: [], given: [] }
  const oracle = oracleOf(region)
  const facts = toChangeFacts(scene, { viewer, patient, region }, kind === 'glass' ? 'CLAIMED' : null)
  const isDone =
    kind === 'glass' ? oracle.breaks(facts, change.barrier, change.reason) : oracle.permits(facts, change.basis)
  const made = await makeChange(stage, scene, change, askedNumber(scene, patient))
  stage.tally.add(`${kind}: ${made.status}`)
  const isConcealed = facts.patient !== null && oracle.release(facts).concealed
  const unseen = isConcealed ? await makeChange(stage, scene, change, scene.unknown) : made
  const lasts = made.until === null ? null : Math.round((Date.parse(made.until) - Date.now()) / minuteMs)
  const findings = [
    ...findDifference('status', made.status, isDone ? 'DONE' : 'REFUSED'),
    ...findDifference('minutes that it lasts', lasts, isDone ? toMinutes(change) : null),
    ...findDifference('as of an unknown number', { ...made, until: null }, { ...unseen, until: null }),
  ]
  return {
    findings: findings.map((finding) => `${kind} for patient ${patient} in ${region}: ${finding}`),
    given: isDone ? toGiven(change, made) : [],
  }
}

async function makeChange(
  stage: ScenarioSystem,
  scene: Scenario,
  change: ChangeModel,
  nhsNumber: string,
): Promise<Made> {
  const { viewer, region } = change
  const ask = (text: string, input: Readonly<Record<string, unknown>>) =>
    stage.ask(scene, viewer, text, { access: undefined, input: { nhsNumber, region, ...input } })
  const { data, errors } =
    change.kind === 'permission'
      ? await ask(permissionMutation, { basis: change.basis })
      : await ask(glassMutation, {
          barrier: change.barrier,
          reason: change.reason,
          justification: 'Through the gateway',
        })
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  return data.change
}

const minuteMs = 60_000

/** How long a change is good for. */
function toMinutes(change: ChangeModel): number {
  if (change.kind === 'glass') return 60
  return change.basis === 'CARE_EPISODE_24_HOURS' ? 24 * 60 : 7 * 24 * 60
}

function toGiven(change: ChangeModel, { grant }: Made): readonly RecordedGrant[] {
  const { viewer, patient, region } = change
  const common = { viewer, patient, region, untilMs: Date.now() + toMinutes(change) * minuteMs }
  if (change.kind === 'permission') return [{ ...common, kind: 'permission' }]
  return grant ? [{ ...common, kind: 'grant', id: grant, barrier: change.barrier, reason: change.reason }] : []
}
