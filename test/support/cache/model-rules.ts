import type * as Region from '../../../schema/generated/region.ts'
import { type ModelViewer, toIdentity } from './model-viewer.ts'

/** What a model region has of a patient. Times are until when, or from when. */
export interface PatientState {
  readonly version: number
  readonly known: boolean
  readonly optedOut: boolean
  readonly flagged: boolean
  readonly veryRestricted: boolean
  readonly permittedUntilMs: number
  /** By person. */
  readonly grants: ReadonlyMap<string, number>
  /** From this midnight on less is shown: a birthday, or a time window's end. */
  readonly ripeAtMs: number
}

export const unknownPatient: PatientState = {
  version: 0,
  known: false,
  optedOut: false,
  flagged: false,
  veryRestricted: false,
  permittedUntilMs: Number.POSITIVE_INFINITY,
  grants: new Map(),
  ripeAtMs: Number.POSITIVE_INFINITY,
}

export interface ModelAccessInput {
  readonly region: string
  readonly nhsNumber: string
  readonly rules: number
  readonly viewer: ModelViewer
  readonly question: string
  readonly nowMs: number
}

export interface ModelDecision {
  readonly code: Region.ReleaseCode
  /** What of the record this viewer may see now, to the last fact that it depends on; null: nothing. */
  readonly shown: string | null
  readonly sensitive: boolean
  readonly standsForMs: number
  /** As little as a region must say: what else may not be kept is the gateway's to know. */
  readonly cacheable: boolean
}

const listMs = 20_000

/**
 * What a viewer may see of a patient, by rules as simple as they can be and still have every kind of barrier, and every
 * kind of end.
 */
export function decideModelAccess(
  state: PatientState,
  { region, nhsNumber, rules, viewer, question, nowMs }: ModelAccessInput,
): ModelDecision {
  const grantUntilMs = state.grants.get(viewer.holder.id) ?? Number.NEGATIVE_INFINITY
  const ends = [state.permittedUntilMs, grantUntilMs, state.ripeAtMs].filter((endMs) => endMs > nowMs)
  const common = {
    sensitive: state.flagged,
    cacheable: !state.veryRestricted,
    standsForMs: Math.min(listMs, ...ends.map((endMs) => endMs - nowMs)),
  }
  if (!state.known) return { ...common, code: 'PERMITTED', shown: null }
  const refusal = state.optedOut ? 'REFUSED_OPT_OUT' : state.permittedUntilMs <= nowMs ? 'PERMISSION_REQUIRED' : null
  if (refusal !== null && grantUntilMs <= nowMs) return { ...common, code: refusal, shown: null }
  const shown = JSON.stringify([
    region,
    nhsNumber,
    state.version,
    rules,
    nowMs >= state.ripeAtMs,
    question,
    toIdentity(viewer),
  ])
  return { ...common, code: refusal === null ? 'PERMITTED' : 'OVERRIDDEN', shown }
}

/** The times at which a patient's judgement changes by itself. */
export function listDecisionChanges({ permittedUntilMs, grants, ripeAtMs }: PatientState): readonly number[] {
  return [permittedUntilMs, ripeAtMs, ...grants.values()].filter(Number.isFinite)
}
