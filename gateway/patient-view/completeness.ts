import type * as Public from '../../schema/generated/patient-view.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { toConsentDecision } from '../consent/region-decision.ts'
import {
  birthDateNeededMessage,
  completeMessage,
  didNotAnswerMessage,
  notSupportedMessage,
  toEnumeration,
  toSentences,
  truncatedMessage,
} from './messages.ts'
import { toOverrideMessages, toRegionMessages, toWithheldMessages } from './region-messages.ts'
import type { RegionResult } from './region-result.ts'
import type { SectionSummary } from './section-answer.ts'

/**
 * Tells whether any region has a record it can show. NOT_FOUND requires that every region answered that it has none.
 */
export function toPresence(results: readonly RegionResult[]): Public.Presence {
  if (results.some(({ status }) => status === 'ANSWERED')) return 'FOUND'
  return results.every(({ status }) => status === 'NOT_KNOWN') ? 'NOT_FOUND' : 'UNDETERMINED'
}

/** The schema's Completeness before its Region fields are resolved. */
export interface Completeness extends Omit<Public.Completeness, 'regions'> {
  readonly regions: readonly (Omit<Public.RegionAnswer, 'region'> & { readonly region: RegionConfiguration })[]
}

/** Findings about a view beside the status of each region. */
export interface ViewFindings {
  readonly sections: readonly SectionSummary[]
  /** Codes of the regions that withhold requested demographics. */
  readonly withheldDemographics: ReadonlySet<string>
  /** The regions disagree on the birth date, and one from the viewer would decide. */
  readonly birthDateNeeded: boolean
}

/**
 * Returns the view's completeness (gateway/README.md, Complete and what to say). It depends on the data only where
 * rules may be disclosed.
 */
export function toCompleteness(results: readonly RegionResult[], findings: ViewFindings): Completeness {
  const { sections, withheldDemographics } = findings
  const hasAnswered = ({ status }: RegionResult) => status === 'ANSWERED' || status === 'NOT_KNOWN'
  return {
    complete:
      results.every(hasAnswered) && withheldDemographics.size === 0 && sections.every((section) => section.complete),
    message: toSentences(toViewMessages(results, findings)),
    regions: results.map((result) => ({
      region: result.region,
      status: result.status,
      message: toSentences(toRegionMessages(result)),
      asOf: result.asOf,
      fromCache: result.fromCache,
      latencyMs: result.latencyMs,
      // A number that the store never saw and one that must look like it are answered alike.
      decision: result.status === 'NOT_KNOWN' || result.decision === null ? null : toConsentDecision(result.decision),
    })),
  }
}

function toViewMessages(
  results: readonly RegionResult[],
  { sections, withheldDemographics, birthDateNeeded }: ViewFindings,
): readonly string[] {
  const clauses = results.filter(({ status }) => status !== 'ANSWERED').flatMap(toRegionMessages)
  if (birthDateNeeded) clauses.push(birthDateNeededMessage)
  const answered = results.filter(({ status }) => status === 'ANSWERED')
  for (const result of answered) {
    const name = result.region.applicationName
    const answers = sections.flatMap((section) =>
      section.answers.filter((answer) => answer.region === result.region.code),
    )
    if (answers.some(({ withheld }) => withheld) || withheldDemographics.has(result.region.code))
      clauses.push(...toWithheldMessages(result))
    if (answers.some(({ truncated }) => truncated)) clauses.push(truncatedMessage(name))
    if (answers.some(({ answer }) => answer === 'NOT_SUPPORTED'))
      clauses.push(notSupportedMessage(name, 'all that was asked for'))
    if (answers.some(({ answer }) => answer === 'NOT_RETRIEVED')) clauses.push(didNotAnswerMessage(name))
  }
  if (clauses.length === 0)
    clauses.push(completeMessage(toEnumeration(answered.map(({ region }) => region.applicationName))))
  return [...clauses, ...answered.flatMap(toOverrideMessages)]
}
