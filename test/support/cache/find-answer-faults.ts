import type { RegionResult } from '../../../gateway/patient-view/region-result.ts'
import { type CommittedState, findPatientState, type ModelRead } from './model-region.ts'
import { decideModelAccess, listDecisionChanges, type ModelDecision } from './model-rules.ts'
import { type ModelViewer, toIdentity } from './model-viewer.ts'
import type { ReceivedChanges, SimulatedRegion } from './run-history.ts'

/** A request that has just been answered. */
export interface GivenAnswer {
  readonly viewer: ModelViewer
  readonly question: string
  readonly noCache: boolean
  readonly began: { readonly turn: number; readonly atMs: number; readonly heard: ReadonlyMap<string, ReceivedChanges> }
  readonly turn: number
  readonly atMs: number
}

export interface AnswerFaults {
  readonly faults: readonly string[]
  /** Null: it is not an answer of the region's. */
  readonly from: 'cached' | 'shared' | 'asked' | null
}

const latestMs = 3000

/**
 * What a region's part of an answer should not have been, by all that the region had committed and the gateway had
 * heard.
 */
export function findAnswerFaults(
  part: RegionResult,
  nhsNumber: string,
  answer: GivenAnswer,
  region: SimulatedRegion,
): AnswerFaults {
  const visible = toVisible(part)
  if (visible === null) return { faults: part.fromCache ? ['A failure came out of the cache'] : [], from: null }
  const heard = answer.began.heard.get(region.code) as ReceivedChanges
  const knownSinceMs = committedAtMs(region, nhsNumber, heard)
  const told = (text: string) => `${region.code} ${nhsNumber}: ${text} (${visible})`
  const faults: string[] = []
  const fault = (isFault: boolean, text: string) => isFault && faults.push(told(text))

  const truths = truthsBetween(Math.max(answer.atMs - latestMs, knownSinceMs), answer.atMs, {
    region,
    nhsNumber,
    answer,
  })
  fault(
    !truths.has(visible),
    'this was so neither now nor in the last three seconds, or not since the change that was heard',
  )

  const reading = part.status === 'ANSWERED' ? region.model.readings[Number(part.reply.record.reading)] : undefined
  if (!reading) {
    fault(part.fromCache, 'came out of the cache and may not be kept')
    return { faults, from: part.status === 'ANSWERED' ? null : 'asked' }
  }
  const isCached = reading.deliveredTurn <= answer.began.turn
  const isShared = !isCached && reading.askedTurn < answer.began.turn
  fault(toIdentity(reading.viewer) !== toIdentity(answer.viewer), 'is the reply of another scope')
  fault(
    reading.question !== answer.question || reading.nhsNumber !== nhsNumber || reading.region !== region.code,
    'is the reply to another question',
  )
  fault(part.asOf !== new Date(reading.beganAtMs).toISOString(), 'was read at another time')
  fault(part.fromCache !== isCached, `came ${isCached ? '' : 'not '}out of the cache`)
  fault((part.latencyMs === null) !== isCached, 'took a time that it cannot have taken')
  fault(answer.noCache && reading.askedTurn < answer.began.turn, 'was not read for who asked to read through')
  fault(isOlder(reading.began, heard, nhsNumber), 'is older than a change heard before it was asked for')
  fault(
    (isCached || isShared) && isOlder(reading.began, region.heard, nhsNumber),
    'is older than a change heard before it was answered',
  )
  if (isCached) {
    fault(!mayBeKept(reading), 'came out of the cache and may not be kept')
    fault(reading.beganAtMs + reading.judgement.standsForMs <= answer.began.atMs, 'stood no longer')
    fault(reading.deliveredTurn < heard.droppedTurn, 'is from before a silence or reset')
  }
  return { faults, from: isCached ? 'cached' : isShared ? 'shared' : 'asked' }
}

/** What the viewer sees; null where the region failed. */
function toVisible({ status, decision, reply }: RegionResult): string | null {
  if (status === 'TIMED_OUT' || status === 'FAILED' || status === 'UNREACHABLE') return null
  return `${status} ${decision?.code} ${reply?.record.shown}`
}

function toTruth({ code, shown }: ModelDecision): string {
  const status =
    code === 'REFUSED_OPT_OUT'
      ? 'REFUSED'
      : code === 'PERMISSION_REQUIRED'
        ? code
        : shown === null
          ? 'NOT_KNOWN'
          : 'ANSWERED'
  return `${status} ${code} ${shown ?? undefined}`
}

/** All that was true for the viewer at any time between two. */
function truthsBetween(
  fromMs: number,
  untilMs: number,
  { region, nhsNumber, answer }: { region: SimulatedRegion; nhsNumber: string; answer: GivenAnswer },
): ReadonlySet<string> {
  const { committed } = region.model
  const truths = new Set<string>()
  committed.forEach((one, index) => {
    const startMs = Math.max(fromMs, one.atMs)
    const endMs = Math.min(untilMs, committed[index + 1]?.atMs ?? Number.POSITIVE_INFINITY)
    const state = findPatientState(one, nhsNumber)
    for (const nowMs of [startMs, endMs, ...listDecisionChanges(state)]) {
      if (nowMs < startMs || nowMs > endMs) continue
      const { viewer, question } = answer
      truths.add(
        toTruth(
          decideModelAccess(state, { region: region.code, nhsNumber, rules: one.rules, viewer, question, nowMs }),
        ),
      )
    }
  })
  return truths
}

/** When the last change that was heard had been committed. */
function committedAtMs({ model }: SimulatedRegion, nhsNumber: string, heard: ReceivedChanges): number {
  const last = model.committed.find(
    ({ history, sequence }) => history === heard.history && sequence === heard.sequences.get(nhsNumber),
  )
  return last?.atMs ?? Number.NEGATIVE_INFINITY
}

/** What a reading rests on had been overtaken by what was heard. */
function isOlder(began: CommittedState, { history, rules, sequences }: ReceivedChanges, nhsNumber: string): boolean {
  if (began.history !== history) return began.history < history
  return began.rules < rules || began.sequence < (sequences.get(nhsNumber) ?? 0)
}

/**
 * Never: what was read for one who reads through, what rests on broken glass, flagged patients, and very restricted
 * content.
 */
function mayBeKept({ noCache, judgement: { code, sensitive, cacheable } }: ModelRead): boolean {
  return !noCache && code === 'PERMITTED' && !sensitive && cacheable
}
