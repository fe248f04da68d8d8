import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkIdentity } from '../../gateway/patient-view/check-identity.ts'
import type { RegionResult } from '../../gateway/patient-view/region-result.ts'
import { toRegionResult } from '../../gateway/patient-view/region-result.ts'
import { releaseDecision } from '../support/patient-view/release-decision.ts'
import { threeRegions } from '../support/patient-view/three-regions.ts'

const asked = '9990000018'
const [successor, other] = ['9990000026', '9990000034']
const dates = ['1970', '1970-05', '1970-05-03', '1970-05-04', '1971']

interface Stated {
  /** The number that the reply says is in force. */
  readonly nhsNumber: string
  /** The number on the record itself. */
  readonly onRecord: string
  readonly birthDate: string | null
}

const stated: fc.Arbitrary<Stated> = fc
  .record({
    nhsNumber: fc.constantFrom(asked, asked, successor, other, '123'),
    isTwisted: fc.integer({ min: 0, max: 9 }),
    birthDate: fc.option(fc.constantFrom(...dates)),
  })
  .map(({ nhsNumber, isTwisted, birthDate }) => ({
    nhsNumber,
    onRecord: isTwisted === 0 ? other : nhsNumber,
    birthDate,
  }))
const viewersDate = fc.option(fc.constantFrom(...dates))

function toParts(all: readonly Stated[]): readonly RegionResult[] {
  return all.flatMap(({ nhsNumber, onRecord, birthDate }, index): readonly RegionResult[] => {
    const region = threeRegions[index]
    if (!region) return []
    const decision = releaseDecision()
    const record = { nhsNumber: onRecord, localIdentifiers: [] }
    const reply = {
      askedNhsNumber: asked,
      nhsNumber,
      birthDate,
      sensitive: false,
      decision,
      demographicsWithheld: false,
      retractions: [],
      record,
    }
    return [{ region, status: 'ANSWERED', latencyMs: 1, fromCache: false, sensitive: false, decision, asOf: '', reply }]
  })
}

/** The days that a date known in part may be, of a model in which there are few: whether two may be one. */
function mayBeOne(a: string | null, b: string | null): boolean {
  const days = (date: string | null) =>
    ['1970-05-03', '1970-05-04', '1970-06-01', '1971-05-03'].filter((day) => date === null || day.startsWith(date))
  return days(a).some((day) => days(b).includes(day))
}

function forAll(
  check: (all: readonly Stated[], birthDate: string | null, shown: readonly Stated[], birthDateNeeded: boolean) => void,
): void {
  fc.assert(
    fc.property(fc.array(stated, { minLength: 1, maxLength: 3 }), viewersDate, (all, birthDate) => {
      const { results: parts, birthDateNeeded } = checkIdentity(toParts(all), { askedNhsNumber: asked, birthDate })
      for (const { status, reply } of parts) expect(status).toBe(reply ? 'ANSWERED' : 'IDENTITY_MISMATCH')
      const shown = all.filter((_, index) => parts[index]?.status === 'ANSWERED')
      check(all, birthDate, shown, birthDateNeeded)
    }),
    { numRuns: 3000 },
  )
}

describe('records shown as one patient', () => {
  test('every shown record has the requested number, or one successor that its own store states', () => {
    forAll((_, __, shown) => {
      for (const { nhsNumber, onRecord } of shown) {
        expect(onRecord).toBe(nhsNumber)
        expect(nhsNumber).not.toBe('123')
      }
      expect(
        new Set(shown.map(({ nhsNumber }) => nhsNumber).filter((number) => number !== asked)).size,
      ).toBeLessThanOrEqual(1)
    })
  })

  test("shown records have one birth date, the viewer's where given, as far as dates are known", () => {
    forAll((_, birthDate, shown) => {
      for (const a of shown) {
        expect(mayBeOne(a.birthDate, birthDate)).toBe(true)
        for (const b of shown) expect(mayBeOne(a.birthDate, b.birthDate)).toBe(true)
      }
    })
  })

  test('every record is shown unless a number or a birth date contradicts it', () => {
    forAll((all, birthDate, shown, birthDateNeeded) => {
      const truthful = all.filter(({ nhsNumber, onRecord }) => nhsNumber === onRecord && nhsNumber !== '123')
      const isOneSuccessor =
        new Set(truthful.map(({ nhsNumber }) => nhsNumber).filter((number) => number !== asked)).size <= 1
      const fit = truthful.filter(
        (one) => (isOneSuccessor || one.nhsNumber === asked) && mayBeOne(one.birthDate, birthDate),
      )
      const agree = fit.every((a) => fit.every((b) => mayBeOne(a.birthDate, b.birthDate)))
      expect(birthDateNeeded).toBe(!agree)
      expect(shown).toEqual(agree ? fit : [])
    })
  })

  test("a region's record of another number is never shown", () => {
    const [region] = threeRegions
    if (!region) throw new Error('Expected a region')
    const decision = releaseDecision({ code: 'REFUSED_OPT_OUT' })
    const patients = [
      {
        askedNhsNumber: other,
        nhsNumber: null,
        birthDate: null,
        sensitive: true,
        decision,
        demographicsWithheld: false,
        retractions: [],
        record: null,
      },
    ]
    const outcome = { status: 'REPLIED' as const, latencyMs: 1, bytes: 1, view: { sequence: 1, readAt: '', patients } }
    expect(toRegionResult(region, outcome, { askedNhsNumber: asked, index: 0 })).toMatchObject({
      status: 'IDENTITY_MISMATCH',
      decision: null,
      sensitive: null,
      reply: null,
    })
    expect(toRegionResult(region, outcome, { askedNhsNumber: asked, index: 1 })).toMatchObject({ status: 'FAILED' })
    expect(toRegionResult(region, outcome, { askedNhsNumber: other, index: 0 })).toMatchObject({
      status: 'REFUSED',
      decision,
    })
  })
})
