import type { PublishEffect } from '../../store/published-by.ts'
import type { PublicationFault, PublicationOutcome } from '../../store/record-store.ts'
import { toExpression } from '../to-faults.ts'
import type { EntryOutline, MappedBundle } from '../to-publication.ts'
import { type OperationOutcome, toFaultOutcome, toOutcome } from './operation-outcome.ts'

interface EntryResponse {
  readonly response: { readonly status: string; readonly outcome?: OperationOutcome }
}

/** The answer to a Bundle that was stored (a batch: in part), entry by entry in its order. */
export function toResponseBundle(mapping: MappedBundle, outcomes: readonly PublicationOutcome[]): object {
  const outlines = new Map(mapping.entries.map((outline) => [outline.entry, outline]))
  const publishEffect = new Map(
    outcomes.flatMap((outcome) => (outcome.status === 'stored' ? [...outcome.entries] : [])),
  )
  const faults = [
    ...mapping.faults,
    ...outcomes.flatMap((outcome) => (outcome.status === 'refused' ? outcome.faults : [])),
  ]
  const faultsByEntry = Map.groupBy(faults, ({ entry }) => entry)
  const warnings = Map.groupBy(
    outcomes.flatMap((outcome) => (outcome.status === 'stored' ? outcome.warnings : [])),
    ({ entry }) => entry,
  )
  const entry = Array.from({ length: mapping.size }, (_, index) =>
    mapping.refused.has(index) || faultsByEntry.has(index)
      ? toRefusal(faultsByEntry.get(index) ?? [])
      : toAcceptance(outlines.get(index), publishEffect.get(index), warnings.get(index)),
  )
  return { resourceType: 'Bundle', type: mapping.type === 'batch' ? 'batch-response' : 'transaction-response', entry }
}

function toRefusal(faults: readonly PublicationFault[]): EntryResponse {
  const status = faults.some(({ code }) => code === 'conflict') ? '409 Conflict' : '422 Unprocessable Entity'
  // Beyond the limit of faults told, an entry's own are only counted.
  const outcome =
    faults.length > 0
      ? toFaultOutcome(faults)
      : toOutcome({
          severity: 'error',
          code: 'incomplete',
          diagnostics: 'This entry is refused; there are too many faults to list.',
        })
  return { response: { status, outcome } }
}

function toAcceptance(
  outline: EntryOutline | undefined,
  publishEffect: PublishEffect | undefined,
  warnings: readonly PublicationFault[] = [],
): EntryResponse {
  if (!outline?.understood) {
    const type = outline?.resourceType ?? 'this type'
    return {
      response: {
        status: '200 OK',
        outcome: toOutcome({
          severity: 'warning',
          code: 'not-supported',
          diagnostics: `Resources of type ${type} are not published; it is ignored.`,
        }),
      },
    }
  }
  const status = publishEffect === 'created' ? '201 Created' : '200 OK'
  const text = publishEffect ?? 'within-others'
  const told = warnings.map((one) => ({
    severity: 'warning' as const,
    code: one.code,
    diagnostics: one.fault,
    expression: [toExpression(one)],
  }))
  return {
    response: {
      status,
      outcome: toOutcome(
        { severity: 'information', code: 'informational', details: { text }, diagnostics: outcomeTexts[text] },
        ...told,
      ),
    },
  }
}

/** What became of an entry, by the word that details.text says it in. */
const outcomeTexts: Readonly<Record<PublishEffect | 'within-others', string>> = {
  created: 'It was not held here before.',
  updated: 'It takes the place of the version that was held.',
  retracted: 'It was entered in error or refuted; what you published of it is no longer shown.',
  unchanged: 'It is held already; nothing changed.',
  older: 'A newer version is held; nothing changed.',
  'within-others': 'It is not shown by itself, only as part of what refers to it.',
}
