import type {
  RegionStatus,
  SectionAnswer,
  SectionAnswerCode,
  SectionName,
} from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { toPeriod } from '../../schema/partial-date-time.ts'
import {
  assertedNoneMessage,
  contradictionMessage,
  didNotAnswerMessage,
  noKnownAllergiesMessage,
  noneRecordedMessage,
  nothingRecordedMessage,
  notSupportedMessage,
  recordedMessage,
  toEnumeration,
  toSentences,
  truncatedMessage,
  withheldMessage,
} from './messages.ts'
import { toStatusMessage } from './region-messages.ts'
import type { RegionResult } from './region-result.ts'

/** The summary of every region's answer for a section. */
export interface SectionSummary {
  readonly complete: boolean
  readonly message: string
  readonly answers: readonly SectionAnswer[]
}

const answerWithoutReply: Readonly<Record<Exclude<RegionStatus, 'ANSWERED'>, SectionAnswerCode>> = {
  NOT_KNOWN: 'NOT_KNOWN',
  REFUSED: 'WITHHELD',
  PERMISSION_REQUIRED: 'WITHHELD',
  RELATIONSHIP_REQUIRED: 'WITHHELD',
  IDENTITY_MISMATCH: 'NOT_RETRIEVED',
  TIMED_OUT: 'NOT_RETRIEVED',
  UNREACHABLE: 'NOT_RETRIEVED',
  FAILED: 'NOT_RETRIEVED',
  SUSPENDED: 'NOT_RETRIEVED',
  NOT_ASKED: 'NOT_RETRIEVED',
}

/** A region's answer for a section: what it stated if it answered, otherwise what its status implies. */
export function toSectionAnswer(
  result: RegionResult,
  section: SectionName,
  reply: Region.Section | null,
): SectionAnswer {
  if (result.status !== 'ANSWERED' || !reply) {
    const answer = result.status === 'ANSWERED' ? 'NOT_RETRIEVED' : answerWithoutReply[result.status]
    return {
      region: result.region.code,
      section,
      answer,
      withheld: answer === 'WITHHELD',
      truncated: false,
      window: null,
    }
  }
  return {
    region: result.region.code,
    section,
    answer: reply.answer,
    withheld: reply.withheld || reply.answer === 'WITHHELD',
    truncated: reply.truncated,
    window: reply.window,
  }
}

const completeAnswers: ReadonlySet<SectionAnswerCode> = new Set([
  'RECORDED',
  'NONE_RECORDED',
  'ASSERTED_NONE',
  'NOT_KNOWN',
])

/** Tells whether a section with these answers is complete (gateway/README.md, Complete and what to say). */
export function isCompleteSection(answers: readonly SectionAnswer[]): boolean {
  return answers.every(({ answer, withheld, truncated }) => completeAnswers.has(answer) && !withheld && !truncated)
}

/**
 * The plural noun of a section in messages, as `problems`. `assertsNone`: names of regions that assert none beside
 * recorded items.
 */
export interface SectionWording {
  readonly noun: string
  readonly assertsNone?: ReadonlySet<string>
}

/** Returns a section's completeness and message from the regions' results and answers, in the same order. */
export function summariseSection(
  results: readonly RegionResult[],
  answers: readonly SectionAnswer[],
  { noun, assertsNone = new Set() }: SectionWording,
): SectionSummary {
  const complete = isCompleteSection(answers)
  return { complete, message: toSentences(toSectionMessages(results, answers, noun, assertsNone)), answers }
}

function toSectionMessages(
  results: readonly RegionResult[],
  answers: readonly SectionAnswer[],
  noun: string,
  assertsNone: ReadonlySet<string>,
): readonly string[] {
  const codes = answers.map(({ answer }) => answer)
  const isComplete = isCompleteSection(answers)
  // The only two claims without a region's name, because every configured region supports them (gateway/README.md,
  // rule 2).
  if (isComplete && codes.every((code) => code === 'ASSERTED_NONE' || code === 'NONE_RECORDED')) {
    if (codes.includes('ASSERTED_NONE')) return [noKnownAllergiesMessage]
    return [nothingRecordedMessage(noun, printPeriod(findCommonWindow(answers)))]
  }
  const recorded = results
    .filter((_, index) => answers[index]?.answer === 'RECORDED')
    .map(({ region }) => region.applicationName)
  const clauses = recorded.length > 0 ? [recordedMessage(toEnumeration(recorded), noun)] : []
  results.forEach((result, index) => {
    const answer = answers[index]
    if (answer)
      clauses.push(
        ...toRegionSectionMessages(result, answer, noun, recorded.length > 0, assertsNone.has(answer.region)),
      )
  })
  return clauses
}

/** Says what one region withholds, truncates or did not answer. */
function toRegionSectionMessages(
  result: RegionResult,
  { answer, withheld, truncated, window }: SectionAnswer,
  noun: string,
  itemsShown: boolean,
  assertsNone: boolean,
): readonly string[] {
  const { status, region } = result
  const name = region.applicationName
  const clauses: string[] = []
  if (answer === 'NONE_RECORDED') clauses.push(noneRecordedMessage(name, noun, printPeriod({ window })))
  if (answer === 'NOT_SUPPORTED') clauses.push(notSupportedMessage(name, noun))
  if (answer === 'ASSERTED_NONE' || assertsNone)
    clauses.push(itemsShown ? contradictionMessage(name) : assertedNoneMessage(name))
  if (status === 'REFUSED' || (status === 'ANSWERED' && withheld)) clauses.push(withheldMessage(name))
  else if (status !== 'ANSWERED') clauses.push(toStatusMessage(result)(name))
  else if (answer === 'NOT_RETRIEVED') clauses.push(didNotAnswerMessage(name))
  if (truncated) clauses.push(truncatedMessage(name))
  return clauses
}

/** The period that every answer covers. Default windows differ if midnight passes between two regions' reads. */
function findCommonWindow(answers: readonly SectionAnswer[]): Pick<SectionAnswer, 'window'> {
  const froms = answers.flatMap(({ window }) => window?.from ?? [])
  const tos = answers.flatMap(({ window }) => window?.to ?? [])
  const from = froms.sort((a, b) => (toPeriod(b)?.startMs ?? 0) - (toPeriod(a)?.startMs ?? 0))[0] ?? null
  const to = tos.sort((a, b) => (toPeriod(a)?.endMs ?? 0) - (toPeriod(b)?.endMs ?? 0))[0] ?? null
  return { window: { from, to } }
}

function printPeriod({ window }: Pick<SectionAnswer, 'window'>): string {
  if (!window?.from && !window?.to) return ''
  if (!window.to) return ` since ${window.from}`
  return window.from ? ` from ${window.from} to ${window.to}` : ` until ${window.to}`
}
