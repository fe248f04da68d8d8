import type { OverrideGrant, RecordedPermission } from '../../../subgraphs/store/record-store.ts'
import { numberOf } from './publications.ts'

let last = 0

/** A permission of the first patient for the trust, with an id of its own. */
export function permission(changes: Partial<RecordedPermission> = {}): RecordedPermission {
  const said = {
    nhsNumber: numberOf(0),
    organisation: 'REM',
    person: '555000000001',
    basis: 'CARE_EPISODE_24_HOURS',
    untilMs: 1_000,
  } as const
  return { id: `permission-${++last}`, ...said, ...changes }
}

/** Glass broken for the first patient's permission, with an id of its own. */
export function grant(changes: Partial<OverrideGrant> = {}): OverrideGrant {
  const who = { nhsNumber: numberOf(0), person: '555000000001', organisation: 'REM' }
  const why = { barrier: 'PERMISSION', reason: 'EMERGENCY', justification: 'Unconscious in A&E' } as const
  return { id: `grant-${++last}`, ...who, ...why, atMs: 1_000, untilMs: 3_601_000, ...changes }
}
