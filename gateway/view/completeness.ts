import type * as Public from '../../schema/generated/patient-view.ts'
import type { RegionConfiguration } from '../../schema/regions.ts'
import type { RegionPart } from './region-part.ts'
import type { SectionSummary } from './section-answer.ts'
import { birthDateNeededWords, completeWords, didNotAnswer, notSupportedWords, regionWords, toEnumeration, toSentences, truncatedWords, withheldWords } from './words.ts'

/** Whether any region has a record it can show; NOT_FOUND only when every region answered that it has none. */
export function toPresence(parts: readonly RegionPart[]): Public.Presence {
  if (parts.some(({ status }) => status === 'ANSWERED')) return 'FOUND'
  return parts.every(({ status }) => status === 'NOT_KNOWN') ? 'NOT_FOUND' : 'UNDETERMINED'
}

/** A region's answer as the schema shows it; its Region is resolved further. */
export interface Completeness extends Omit<Public.Completeness, 'regions'> {
  readonly regions: readonly (Omit<Public.RegionAnswer, 'region'> & { readonly region: RegionConfiguration })[]
}

/** The whole view's completeness, from its regions and the sections that were asked for (product.md, Complete and what to say). */
export function toCompleteness(parts: readonly RegionPart[], sections: readonly SectionSummary[], birthDateNeeded: boolean): Completeness {
  const missing = parts.filter(({ status }) => status !== 'ANSWERED')
  const complete = missing.every(({ status }) => status === 'NOT_KNOWN') && sections.every((section) => section.complete)
  const clauses = missing.map(({ status, region }) => regionWords[status](region.applicationName))
  if (birthDateNeeded) clauses.push(birthDateNeededWords)
  for (const { status, region } of parts) {
    const answers = status === 'ANSWERED' ? sections.flatMap((section) => section.answers.filter((answer) => answer.region === region.code)) : []
    if (answers.some(({ withheld }) => withheld)) clauses.push(withheldWords(region.applicationName))
    if (answers.some(({ truncated }) => truncated)) clauses.push(truncatedWords(region.applicationName))
    if (answers.some(({ answer }) => answer === 'NOT_SUPPORTED')) clauses.push(notSupportedWords(region.applicationName, 'all that was asked for'))
    if (answers.some(({ answer }) => answer === 'NOT_RETRIEVED')) clauses.push(didNotAnswer(region.applicationName))
  }
  const answered = parts.flatMap(({ status, region }) => (status === 'ANSWERED' ? [region.applicationName] : []))
  return {
    complete,
    message: toSentences(clauses.length === 0 ? [completeWords(toEnumeration(answered))] : clauses),
    regions: parts.map(({ region, status, asOf, latencyMs, decision }) => ({
      region,
      status,
      message: toSentences([regionWords[status](region.applicationName)]),
      asOf,
      fromCache: false,
      latencyMs,
      decision: decision && { ...decision, grant: null, breakGlass: [] },
    })),
  }
}
