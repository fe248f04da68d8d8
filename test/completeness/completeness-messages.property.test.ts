import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toCompleteness, toPresence, type ViewFindings } from '../../gateway/patient-view/completeness.ts'
import { type SectionSummary, summariseSection, toSectionAnswer } from '../../gateway/patient-view/section-answer.ts'
import type { Window } from '../../schema/generated/region.ts'
import { combinations, type RegionState, toRegionResult } from '../support/patient-view/region-states.ts'
import { threeRegions } from '../support/patient-view/three-regions.ts'

const noun = 'allergies'

function summarise(states: readonly RegionState[], windows: readonly (Window | null)[] = []): SectionSummary {
  const parts = partsOf(states)
  const answers = states.map(({ reply }, index) => {
    const part = parts[index]
    if (!part) throw new Error('Expected a part for each state')
    return toSectionAnswer(part, 'ALLERGIES', reply && { ...reply, window: windows[index] ?? null })
  })
  return summariseSection(parts, answers, { noun })
}

function partsOf(states: readonly RegionState[]) {
  return threeRegions.slice(0, states.length).flatMap((region, index) => {
    const state = states[index]
    return state ? [toRegionResult(region, state)] : []
  })
}

const nameOf = (index: number) => threeRegions[index]?.applicationName ?? ''
const answerOf = ({ status, reply }: RegionState) => reply?.answer ?? (status === 'NOT_KNOWN' ? 'NOT_KNOWN' : 'NOTHING')
/** Product.md: RECORDED, NONE_RECORDED, ASSERTED_NONE or NOT_KNOWN, not withheld, not truncated. */
const isWhole = (state: RegionState) =>
  ['RECORDED', 'NONE_RECORDED', 'ASSERTED_NONE', 'NOT_KNOWN'].includes(answerOf(state)) &&
  !state.reply?.withheld &&
  !state.reply?.truncated

/** Runs a check on every combination of states of one, two and three regions: some thirty thousand. */
function forAll(check: (states: readonly RegionState[], described: string) => void): void {
  for (const count of [1, 2, 3]) for (const states of combinations(count)) check(states, JSON.stringify(states))
}

/** Asserts without building a message unless it fails: the loop is long. */
function assert(holds: boolean, described: string, message: string): void {
  if (!holds) expect.fail(`${described}: ${message}`)
}

describe('what a section says about its completeness', () => {
  test('a section is complete exactly when every region is whole', () => {
    forAll((states, described) =>
      assert(summarise(states).complete === states.every(isWhole), described, 'completeness'),
    )
  })

  test("a section says 'No known allergies' exactly when every region is whole, none records one, and one asserts that none is known", () => {
    forAll((states, described) => {
      const { message } = summarise(states)
      const codes = states.map(answerOf)
      const isAllowed =
        states.every(isWhole) &&
        codes.every((code) => code === 'ASSERTED_NONE' || code === 'NONE_RECORDED') &&
        codes.includes('ASSERTED_NONE')
      assert(message.includes('No known allergies') === isAllowed, described, message)
      if (isAllowed) assert(message === 'No known allergies.', described, message)
    })
  })

  test("a section says 'No allergies recorded' exactly when every region is whole and answers that none is recorded", () => {
    forAll((states, described) => {
      const { message } = summarise(states)
      const isAllowed = states.every((state) => isWhole(state) && answerOf(state) === 'NONE_RECORDED')
      assert(message.includes('No allergies recorded') === isAllowed, described, message)
      if (isAllowed) assert(message === 'No allergies recorded.', described, message)
    })
  })

  test('a section otherwise names each region, in the fixed words', () => {
    forAll((states, described) => {
      const { message } = summarise(states)
      if (/^No /.test(message)) return
      const itemsBelow = states.some((state) => answerOf(state) === 'RECORDED')
      states.forEach((state, index) => {
        const name = nameOf(index)
        for (const words of expectedWords(state, name, itemsBelow))
          assert(message.includes(`${words}.`), described, `${message} (expected: ${words})`)
        assert(message.includes(name), described, `${message} (expected: ${name})`)
      })
    })
  })

  test('a section says that nothing is recorded only about the period that every region covers', () => {
    const date = fc.integer({ min: 0, max: 5 }).map((days) => `2026-01-0${days + 1}`)
    const window = fc.record({ from: fc.option(date), to: fc.option(date) })
    fc.assert(
      fc.property(fc.array(window, { minLength: 1, maxLength: 3 }), (windows) => {
        const none: RegionState = {
          status: 'ANSWERED',
          reply: { answer: 'NONE_RECORDED', withheld: false, truncated: false },
        }
        const { message } = summarise(
          windows.map(() => none),
          windows,
        )
        const from = windows
          .flatMap((one) => one.from ?? [])
          .sort()
          .at(-1)
        const to = windows
          .flatMap((one) => one.to ?? [])
          .sort()
          .at(0)
        const period = from ? (to ? ` from ${from} to ${to}` : ` since ${from}`) : to ? ` until ${to}` : ''
        expect(message).toBe(`No allergies recorded${period}.`)
      }),
    )
  })
})

function expectedWords({ status, reply }: RegionState, name: string, itemsBelow: boolean): readonly string[] {
  const words: string[] = []
  if (status === 'NOT_KNOWN')
    words.push(`${name} has no record it can show for this number; this does not mean that none exists`)
  if (status === 'REFUSED' || reply?.withheld || reply?.answer === 'WITHHELD')
    words.push(`Some of this is withheld by ${name}'s sharing rules`)
  if (['TIMED_OUT', 'UNREACHABLE', 'FAILED', 'SUSPENDED'].includes(status) || (status === 'ANSWERED' && !reply))
    words.push(`${name} did not answer; what it holds is missing below`)
  if (status === 'NOT_ASKED') words.push(`${name} was not asked; what it holds is missing below`)
  if (reply?.truncated) words.push(`${name} holds more than is shown`)
  if (reply?.answer === 'NONE_RECORDED') words.push(`${name}: no allergies recorded`)
  if (reply?.answer === 'NOT_SUPPORTED') words.push(`${name} does not hold allergies`)
  if (reply?.answer === 'ASSERTED_NONE') {
    words.push(
      itemsBelow
        ? `${name} says that there are no known allergies, which the allergies below contradict`
        : `${name}: no known allergies`,
    )
  }
  return words
}

const found = (sections: readonly SectionSummary[]): ViewFindings => ({
  sections,
  withheldDemographics: new Set(),
  birthDateNeeded: false,
})

describe('what the whole view says about its completeness', () => {
  test('a view is complete exactly when every region is ANSWERED or NOT_KNOWN and every requested section is complete', () => {
    forAll((states, described) => {
      const { complete } = toCompleteness(partsOf(states), found([summarise(states)]))
      assert(
        complete === states.every((state) => isWhole(state) && ['ANSWERED', 'NOT_KNOWN'].includes(state.status)),
        described,
        'completeness',
      )
    })
  })

  test("a view never says 'Complete' when it is not, and names every region that is not whole in fixed words", () => {
    forAll((states, described) => {
      const { complete, message } = toCompleteness(partsOf(states), found([summarise(states)]))
      assert(
        message.includes('Complete') === (complete && states.every(({ status }) => status === 'ANSWERED')),
        described,
        message,
      )
      states.forEach((state, index) => {
        const name = nameOf(index)
        if (!isWhole(state)) assert(message.includes(name), described, `${message} (expected: ${name})`)
        if (state.status === 'NOT_KNOWN')
          assert(
            message.includes(`${name} has no record it can show for this number; this does not mean that none exists.`),
            described,
            message,
          )
        else if (isWhole(state) && !complete)
          assert(!message.includes(name), described, `${message} (not expected: ${name})`)
      })
    })
  })

  test('a view lists every region with its status', () => {
    forAll((states, described) => {
      const { regions, complete } = toCompleteness(partsOf(states), found([]))
      assert(
        complete === states.every(({ status }) => status === 'ANSWERED' || status === 'NOT_KNOWN'),
        described,
        'completeness of no sections',
      )
      assert(
        regions.every(
          ({ status, region }, index) => status === states[index]?.status && region.applicationName === nameOf(index),
        ),
        described,
        'regions',
      )
      assert(regions.length === states.length, described, 'number of regions')
    })
  })

  test('a record is FOUND when a region shows one, and NOT_FOUND only when every region answers that it has none', () => {
    forAll((states, described) => {
      const statuses = states.map(({ status }) => status)
      const expected = statuses.includes('ANSWERED')
        ? 'FOUND'
        : statuses.every((status) => status === 'NOT_KNOWN')
          ? 'NOT_FOUND'
          : 'UNDETERMINED'
      assert(toPresence(partsOf(states)) === expected, described, expected)
    })
  })

  test('a view requests a birth date when it would settle which patient is meant', () => {
    const states: readonly RegionState[] = [
      { status: 'IDENTITY_MISMATCH', reply: null },
      { status: 'IDENTITY_MISMATCH', reply: null },
    ]
    expect(toCompleteness(partsOf(states), { ...found([]), birthDateNeeded: true }).message).toMatch(
      /bear different birth dates; ask again with the patient's birth date\.$/,
    )
  })
})
