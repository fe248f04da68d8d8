import type { AccessEvent } from '../../../gateway/audit/audit-event.ts'
import type { ExpectedRegion } from './expect-regions.ts'
import { findDifference } from './find-difference.ts'

export interface ViewedPatient {
  readonly number: string
  readonly expected: readonly ExpectedRegion[]
}

/**
 * What is wrong with the events of views: there is one for each patient and each region that was asked, or refused by
 * its access rules.
 */
export function findEventFaults(events: readonly AccessEvent[], viewed: readonly ViewedPatient[]): readonly string[] {
  const found = events
    .filter(({ kind }) => kind === 'VIEW')
    .map(
      ({ nhsNumber, region, decision, status, alert }) =>
        `${nhsNumber} ${region}: ${decision.code}, ${status}${alert ? ', alert' : ''}`,
    )
  const wanted = viewed.flatMap(({ number, expected }) =>
    expected
      .filter(({ isAsked }) => isAsked)
      .map(
        ({ region, release, status }) =>
          `${number} ${region}: ${release.code}, ${status}${release.alert ? ', alert' : ''}`,
      ),
  )
  return findDifference('audit events', found.toSorted(), wanted.toSorted())
}
