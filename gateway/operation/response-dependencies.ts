import type { AccessEvent } from '../audit/audit-event.ts'
import type { ObservedView } from '../observability/metrics/request-recorder.ts'
import type { PatientView } from '../patient-view/patient-view.ts'
import type { Validity } from '../patient-view/validity.ts'

/** A view whose replies all came out of the cache, without them. */
export interface ViewDependency extends ObservedView {
  readonly regionResults: readonly (ObservedView['regionResults'][number] & { readonly readAtMs: number | undefined })[]
}

/** What of an answer came out of the cache whole; nothing of the replies themselves is held by it. */
export interface RootFieldDependency {
  /** Tells whether it would be the same now. */
  readonly validity: Validity
  /** What was put on the trail for it. */
  readonly events: readonly AccessEvent[]
  readonly views: readonly ViewDependency[]
}

/** Notes what an answer is made of, root field by root field; one that is missing is made of something else. */
export class ResponseDependencies {
  readonly rootFields: RootFieldDependency[] = []

  add({ views, ...part }: Omit<RootFieldDependency, 'views'> & { readonly views: readonly PatientView[] }): void {
    this.rootFields.push({ ...part, views: views.map(toViewDependency) })
  }
}

function toViewDependency({ completeness: { complete }, regionResults }: PatientView): ViewDependency {
  return {
    completeness: { complete },
    regionResults: regionResults.map(({ region, status, fromCache, asOf }) => ({
      region: { code: region.code },
      status,
      fromCache,
      readAtMs: asOf === null ? undefined : Date.parse(asOf),
    })),
  }
}
