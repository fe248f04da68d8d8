import type { AccessEvent } from '../audit/audit-event.ts'
import type { ObservedView } from '../metrics/request-recorder.ts'
import type { PatientView } from '../view/patient-view.ts'
import type { StillTheSame } from '../view/still-the-same.ts'

/** A view whose replies all came out of the cache, without them. */
export interface BasisView extends ObservedView {
  readonly parts: readonly (ObservedView['parts'][number] & { readonly readAtMs: number | undefined })[]
}

/** What of an answer came out of the cache whole; nothing of the replies themselves is held by it. */
export interface BasisPart {
  /** Tells whether it would be the same now. */
  readonly same: StillTheSame
  /** What was put on the trail for it. */
  readonly events: readonly AccessEvent[]
  readonly views: readonly BasisView[]
}

/** Notes what an answer is made of, root field by root field; one that is missing is made of something else. */
export class AnswerBasis {
  readonly parts: BasisPart[] = []

  add({ views, ...part }: Omit<BasisPart, 'views'> & { readonly views: readonly PatientView[] }): void {
    this.parts.push({ ...part, views: views.map(toBasisView) })
  }
}

function toBasisView({ completeness: { complete }, parts }: PatientView): BasisView {
  return {
    completeness: { complete },
    parts: parts.map(({ region, status, fromCache, asOf }) => ({ region: { code: region.code }, status, fromCache, readAtMs: asOf === null ? undefined : Date.parse(asOf) })),
  }
}
