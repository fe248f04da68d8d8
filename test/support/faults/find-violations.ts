import { isDeepStrictEqual } from 'node:util'
import { wrongBirthDate } from './faults.ts'
import { type MixedSection, type MixedView, mixedSections } from './mixed-view.ts'

/** What a patient's view is when nothing fails: of both regions, and of each alone. */
export interface ExpectedViews {
  readonly both: MixedView
  /** By region code. */
  readonly alone: ReadonlyMap<string, MixedView>
}

export interface ViolationQuestion {
  readonly askedNhsNumber: string
  /** Whether the viewer gave a birth date: without one, nobody can know a single region's to be wrong. */
  readonly isBirthDateGiven: boolean
}

/** What a region's status may be when something fails. */
const failures = new Set(['TIMED_OUT', 'UNREACHABLE', 'FAILED', 'SUSPENDED', 'IDENTITY_MISMATCH'])
const wholeAnswers = new Set(['RECORDED', 'NONE_RECORDED', 'ASSERTED_NONE', 'NOT_KNOWN'])

/** Where a view breaks a rule of product.md, as far as an answer shows it: a line for each. */
export function findViolations(
  view: MixedView,
  expected: ExpectedViews,
  { askedNhsNumber, isBirthDateGiven }: ViolationQuestion,
): readonly string[] {
  const violations: string[] = []
  const hold = (isHeld: boolean, rule: string) => {
    if (!isHeld) violations.push(rule)
  }
  const { regions, complete, message } = view.completeness
  const statusOf = (of: MixedView, code: string) =>
    of.completeness.regions.find(({ region }) => region.code === code)?.status ?? 'absent'
  const codes = [...expected.alone.keys()]
  const well = codes.filter((code) => statusOf(view, code) === statusOf(expected.both, code))

  hold(
    isDeepStrictEqual(regions.map(({ region }) => region.code).toSorted(), codes.toSorted()),
    '1: every region once, with a status',
  )
  for (const { region, status, message: ofRegion, asOf } of regions) {
    hold(
      well.includes(region.code) || failures.has(status),
      `1: ${status} of a region that is otherwise ${statusOf(expected.both, region.code)}`,
    )
    hold(
      status === 'ANSWERED' || (ofRegion.includes(region.applicationName) && message.includes(ofRegion)),
      `1: a region that is ${status} is not named`,
    )
    hold((status === 'ANSWERED') === (asOf !== null), `7: as of when, of a region that is ${status}`)
  }
  hold(
    !complete || regions.every(({ status }) => status === 'ANSWERED' || status === 'NOT_KNOWN'),
    '1: complete with a region missing',
  )
  hold(
    complete ===
      (regions.every(({ status }) => status === 'ANSWERED' || status === 'NOT_KNOWN') &&
        mixedSections.every((section) => view[section].complete)),
    'completeness',
  )

  hold(view.askedNhsNumber === askedNhsNumber, '3: another number than the one asked')
  hold(
    view.nhsNumber === askedNhsNumber || view.nhsNumber === expected.both.nhsNumber,
    '3: a successor that no store states',
  )

  for (const section of mixedSections) violations.push(...findSectionViolations(view, section))
  for (const { message: said, answers } of [view.allergies]) {
    const given = answers.map(({ answer }) => answer)
    const isPlain =
      answers.every(({ withheld, truncated }) => !withheld && !truncated) && answers.length === codes.length
    const isNone = given.every((answer) => answer === 'ASSERTED_NONE' || answer === 'NONE_RECORDED')
    hold(
      !/(^|\. )No known allergies/.test(said) || (isPlain && isNone && given.includes('ASSERTED_NONE')),
      '2: "No known allergies" where it may not be said',
    )
    hold(
      !/(^|\. )No allergies recorded/.test(said) || (isPlain && given.every((answer) => answer === 'NONE_RECORDED')),
      '2: "No allergies recorded" where it may not be said',
    )
  }

  // The regions that fared well say what they say when nothing fails: no item more (4, 8), none less (4), in the same
  // order (6).
  const same =
    well.length === codes.length ? expected.both : well.length === 1 ? expected.alone.get(well[0] ?? '') : null
  for (const section of mixedSections) {
    const [found, right] = [view[section].nodes, same?.[section].nodes ?? []]
    hold(
      isDeepStrictEqual(found, right),
      `4, 5, 6, 8: ${section} of ${well.join(' and ') || 'no region'} for ${askedNhsNumber}: ${found.length} items, not ${right.length}`,
    )
  }
  // Without a birth date from the viewer, nobody can tell that of one region, or the same of both, from the right one.
  const isKnownWrong = view.demographics?.birthDate === wrongBirthDate
  if (isBirthDateGiven || (same === expected.both && !isKnownWrong))
    hold(
      isDeepStrictEqual(view.demographics, same?.demographics ?? null),
      `3: demographics of ${well.join(' and ') || 'no region'}`,
    )
  return violations
}

function findSectionViolations(view: MixedView, section: (typeof mixedSections)[number]): readonly string[] {
  const violations: string[] = []
  const { complete, answers, nodes, message }: MixedSection = view[section]
  const shown = new Set(
    view.completeness.regions.flatMap(({ region, status }) => (status === 'ANSWERED' ? [region.code] : [])),
  )
  const isWhole = answers.every(
    ({ answer, withheld, truncated }) => wholeAnswers.has(answer) && !withheld && !truncated,
  )
  if (complete !== isWhole) violations.push(`1: ${section} says complete: ${complete}`)
  for (const { region, status, message: said } of view.completeness.regions) {
    const answer = answers.find((one) => one.region === region.code)?.answer
    if (failures.has(status) && (answer !== 'NOT_RETRIEVED' || !message.includes(said)))
      violations.push(`1: ${section} is silent about a region that is ${status}`)
  }
  if (new Set(nodes.map(({ id }) => id)).size !== nodes.length) violations.push(`4: an item of ${section} twice`)
  for (const { sources } of nodes) {
    if (sources.length === 0 || new Set(sources.map(({ region }) => region)).size !== sources.length)
      violations.push(`7: sources of an item of ${section}`)
    if (sources.some(({ region }) => !shown.has(region)))
      violations.push(`3: an item of ${section} of a region that is not shown`)
    if (sources.some(({ recordedAt }) => recordedAt === null))
      violations.push(`7: when an item of ${section} was recorded`)
  }
  const instants = nodes.flatMap(({ at }) =>
    at === undefined ? [] : [at === null ? Number.NEGATIVE_INFINITY : Date.parse(at)],
  )
  if (instants.some((instant, index) => index > 0 && instant > (instants[index - 1] ?? 0)))
    violations.push(`6: the order of ${section}`)
  return violations
}
