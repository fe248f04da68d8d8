import type { RegionResult } from '../../../gateway/patient-view/region-result.ts'
import type { RegionStatus, SectionAnswerCode } from '../../../schema/generated/patient-view.ts'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import { releaseDecision } from './release-decision.ts'

/**
 * What came of asking a region, and, where it answered, of one section. `reply` null: it did not answer for the section
 * when asked again.
 */
export interface RegionState {
  readonly status: RegionStatus
  readonly reply: {
    readonly answer: Exclude<SectionAnswerCode, 'NOT_KNOWN' | 'NOT_RETRIEVED'>
    readonly withheld: boolean
    readonly truncated: boolean
  } | null
}

const silentStatuses = [
  'NOT_KNOWN',
  'REFUSED',
  'PERMISSION_REQUIRED',
  'RELATIONSHIP_REQUIRED',
  'IDENTITY_MISMATCH',
  'TIMED_OUT',
  'UNREACHABLE',
  'FAILED',
  'SUSPENDED',
  'NOT_ASKED',
] as const satisfies readonly Exclude<RegionStatus, 'ANSWERED'>[]
const answers = ['RECORDED', 'NONE_RECORDED', 'ASSERTED_NONE', 'NOT_SUPPORTED', 'WITHHELD'] as const
const yesNo = [false, true]

/** Every state that a region can be in for one section. */
export const regionStates: readonly RegionState[] = [
  ...silentStatuses.map((status) => ({ status, reply: null })),
  { status: 'ANSWERED', reply: null },
  ...answers.flatMap((answer) =>
    yesNo.flatMap((withheld) =>
      yesNo.map((truncated) => ({ status: 'ANSWERED' as const, reply: { answer, withheld, truncated } })),
    ),
  ),
]

/** Every combination of states of so many regions. */
export function* combinations(count: number): Iterable<readonly RegionState[]> {
  if (count === 0) {
    yield []
    return
  }
  for (const rest of combinations(count - 1)) for (const state of regionStates) yield [...rest, state]
}

/** The region's part in a view; its record is not read by what is tested with it. */
export function toRegionResult(region: RegionConfiguration, { status }: RegionState): RegionResult {
  const common = { region, latencyMs: 1, fromCache: false, sensitive: false, decision: null }
  if (status !== 'ANSWERED') return { ...common, status, asOf: null, reply: null }
  const reply = {
    askedNhsNumber: '9990000018',
    nhsNumber: '9990000018',
    birthDate: null,
    sensitive: false,
    decision: releaseDecision(),
    demographicsWithheld: false,
    retractions: [],
    record: { nhsNumber: '9990000018', localIdentifiers: [] },
  }
  return { ...common, status, asOf: '2026-01-01T00:00:00Z', reply }
}
