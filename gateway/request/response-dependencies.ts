import type { AccessEvent } from '../audit/audit-event.ts'
import type { ObservedView } from '../observability/metrics/request-recorder.ts'

/** Tells whether a response would still be the same now; it holds no reply. */
export interface Validity {
  /** Returns true while every region may still be asked, its cached replies are valid and its flags are unchanged. */
  isValid(): boolean
  /** When the first cached reply expires, in milliseconds since 1970. */
  readonly untilMs: number
}

/** A patient's view as the request's resolver made it, of which `ViewDependency` keeps a part. */
interface DependencyView extends ObservedView {
  readonly regionResults: readonly (ObservedView['regionResults'][number] & { readonly asOf: string | null })[]
}

/** A view whose replies all came from the cache; it holds the results, not the replies. */
export interface ViewDependency extends ObservedView {
  readonly regionResults: readonly (ObservedView['regionResults'][number] & { readonly readAtMs: number | undefined })[]
}

/** The dependencies of a root field that was answered wholly from cached replies; it holds none of the replies. */
export interface RootFieldDependency {
  readonly validity: Validity
  /** The events that were written to the audit trail for it. */
  readonly events: readonly AccessEvent[]
  readonly views: readonly ViewDependency[]
}

/** Collects a response's dependencies by root field. A field that adds none cannot be cached. */
export class ResponseDependencies {
  readonly rootFields: RootFieldDependency[] = []

  add({ views, ...part }: Omit<RootFieldDependency, 'views'> & { readonly views: readonly DependencyView[] }): void {
    this.rootFields.push({ ...part, views: views.map(toViewDependency) })
  }
}

function toViewDependency({ completeness: { complete }, regionResults }: DependencyView): ViewDependency {
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
