import type * as Public from '../../schema/generated/patient-view.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import { toOverrideClauses, toRegionClauses, toWithheldClauses } from './region-clauses.ts'
import { toConsentDecision } from './region-decision.ts'
import type { RegionPart } from './region-part.ts'
import type { SectionSummary } from './section-answer.ts'
import { birthDateNeededWords, completeWords, didNotAnswer, notSupportedWords, toEnumeration, toSentences, truncatedWords } from './words.ts'

/** Whether any region has a record it can show; NOT_FOUND only when every region answered that it has none. */
export function toPresence(parts: readonly RegionPart[]): Public.Presence {
  if (parts.some(({ status }) => status === 'ANSWERED')) return 'FOUND'
  return parts.every(({ status }) => status === 'NOT_KNOWN') ? 'NOT_FOUND' : 'UNDETERMINED'
}

/** A region's answer as the schema shows it; its Region is resolved further. */
export interface Completeness extends Omit<Public.Completeness, 'regions'> {
  readonly regions: readonly (Omit<Public.RegionAnswer, 'region'> & { readonly region: RegionConfiguration })[]
}

/** What came of a view, beside the status of each region. */
export interface ViewFindings {
  readonly sections: readonly SectionSummary[]
  /** Codes of the regions that withhold demographics that were asked for. */
  readonly withheldDemographics: ReadonlySet<string>
  /** A birth date from the viewer would settle whom the regions mean. */
  readonly birthDateNeeded: boolean
}

/** The whole view's completeness (product.md, Complete and what to say). It follows the data only for rules that may be told. */
export function toCompleteness(parts: readonly RegionPart[], findings: ViewFindings): Completeness {
  const { sections, withheldDemographics } = findings
  const hasAnswered = ({ status }: RegionPart) => status === 'ANSWERED' || status === 'NOT_KNOWN'
  return {
    complete: parts.every(hasAnswered) && withheldDemographics.size === 0 && sections.every((section) => section.complete),
    message: toSentences(viewClauses(parts, findings)),
    regions: parts.map((part) => ({
      region: part.region,
      status: part.status,
      message: toSentences(toRegionClauses(part)),
      asOf: part.asOf,
      fromCache: part.fromCache,
      latencyMs: part.latencyMs,
      // The same for a number never seen and for one that must look like it.
      decision: part.status === 'NOT_KNOWN' || part.decision === null ? null : toConsentDecision(part.decision),
    })),
  }
}

function viewClauses(parts: readonly RegionPart[], { sections, withheldDemographics, birthDateNeeded }: ViewFindings): readonly string[] {
  const clauses = parts.filter(({ status }) => status !== 'ANSWERED').flatMap(toRegionClauses)
  if (birthDateNeeded) clauses.push(birthDateNeededWords)
  const answered = parts.filter(({ status }) => status === 'ANSWERED')
  for (const part of answered) {
    const name = part.region.applicationName
    const answers = sections.flatMap((section) => section.answers.filter((answer) => answer.region === part.region.code))
    if (answers.some(({ withheld }) => withheld) || withheldDemographics.has(part.region.code)) clauses.push(...toWithheldClauses(part))
    if (answers.some(({ truncated }) => truncated)) clauses.push(truncatedWords(name))
    if (answers.some(({ answer }) => answer === 'NOT_SUPPORTED')) clauses.push(notSupportedWords(name, 'all that was asked for'))
    if (answers.some(({ answer }) => answer === 'NOT_RETRIEVED')) clauses.push(didNotAnswer(name))
  }
  if (clauses.length === 0) clauses.push(completeWords(toEnumeration(answered.map(({ region }) => region.applicationName))))
  return [...clauses, ...answered.flatMap(toOverrideClauses)]
}
