import type { ExpectedViews } from './find-violations.ts'
import type { MixedSource } from './mixed-view.ts'

/** A document by its id, as the mixed run asks for it. */
export interface MixedDocument {
  readonly status: string
  readonly message: string
  readonly document: { readonly id: string; readonly sources: readonly MixedSource[] } | null
}

const failures = new Set(['TIMED_OUT', 'UNREACHABLE', 'FAILED', 'SUSPENDED', 'IDENTITY_MISMATCH'])

/**
 * Where the answer for an id breaks a rule of product.md; `expected`: the views of the patient whose document it is,
 * null where nobody has such a one.
 */
export function findDocumentViolations(
  { status, message, document }: MixedDocument,
  id: string,
  expected: ExpectedViews | null,
): readonly string[] {
  const violations: string[] = []
  const views = expected ? [expected.both, ...expected.alone.values()] : []
  const shown = views.flatMap(({ documents }) => documents.nodes.filter((one) => one.id === id))
  if ((status === 'ANSWERED') !== (document !== null))
    violations.push(`1: a document that is ${document ? 'shown' : 'absent'} though ${status}`)
  if (status === 'NOT_KNOWN' && shown.length > 0)
    violations.push('1: a region that is silent about a document looks as if there were none')
  // By a region's rules, which are asked first, so also where nobody has such a one.
  const isRefusal = expected
    ? expected.both.completeness.regions.some((region) => region.status === status)
    : status === 'REFUSED'
  if (status !== 'ANSWERED' && status !== 'NOT_KNOWN' && !failures.has(status) && !isRefusal)
    violations.push(`1: ${status} of a document`)
  if (message === '') violations.push('1: no word on a document')
  if (!document) return violations
  if (document.id !== id) violations.push('3: another document than the one asked')
  // From both regions, or from the one that fared well; never a source that nobody gives.
  const print = (sources: readonly MixedSource[]) =>
    JSON.stringify(sources.map(({ region, recordedAt }) => [region, recordedAt]))
  if (!shown.some(({ sources }) => print(sources) === print(document.sources)))
    violations.push('4, 8: a document, or sources of one, that nobody shows')
  return violations
}
