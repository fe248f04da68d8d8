import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { barriers, overrideReasons } from '../../schema/policies/facts.ts'
import { anyFacts, anyReleaseClass } from '../support/consent/any-facts.ts'
import { exchange, facts, hourMs, lpres, noon, ofExchange, ofLpres } from '../support/consent/policy-cases.ts'
import { createOracle } from '../support/consent/policy-oracle.ts'

// CASES=10000 npx vitest run test/consent/policy-oracle.test.ts
const numRuns = Number(process.env.CASES ?? 600)

describe.each([exchange, lpres])('the policies of $slug', (region) => {
  const oracle = createOracle(
    region.slug === 'cheshire-merseyside' ? 'cheshire-merseyside' : 'lancashire-south-cumbria',
  )

  it('the policies decide on any facts as the consent oracle does', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const { code, concealed, alert, breakGlass } = region.decideRelease(facts)
        expect(region.decideAccess(facts).code).toBe(oracle.access(facts))
        expect({
          code,
          concealed,
          alert,
          breakGlass: breakGlass.map(({ barrier, reasons }) => [barrier, reasons]),
        }).toEqual(oracle.release(facts))
      }),
      { numRuns },
    )
  })

  it('the policies release any items as the consent oracle does, and disclose of the rest only what it allows', () => {
    fc.assert(
      fc.property(anyFacts, fc.array(anyReleaseClass, { minLength: 1, maxLength: 12 }), (facts, kinds) => {
        expect(region.decideItems(facts, kinds).map(({ outcome }) => outcome)).toEqual(
          kinds.map((one) => oracle.item(facts, one)),
        )
      }),
      { numRuns },
    )
  })

  // Most random facts end in a refusal; fewer of these do.
  it('the policies release items as the consent oracle does for viewers to whom the record is released', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(ofExchange, ofLpres),
        anyFacts,
        fc.array(anyReleaseClass, { minLength: 1, maxLength: 12 }),
        (viewer, { reason, role, patient }, kinds) => {
          const { age = 30, grants = [], permissionUntilMs = null, sensitive = false, deceased = false } = patient ?? {}
          const viewing = facts({
            ...viewer,
            reason,
            role: ['R1290', 'R8010', 'R0260', 'R1070'].includes(role) ? role : 'R0050',
            claim: 'CLAIMED',
            patient: {
              age,
              grants,
              sensitive,
              deceased,
              deceasedDays: 3,
              permissionUntilMs: permissionUntilMs ?? noon + hourMs,
            },
          })
          expect(region.decideItems(viewing, kinds).map(({ outcome }) => outcome)).toEqual(
            kinds.map((one) => oracle.item(viewing, one)),
          )
        },
      ),
      { numRuns },
    )
  })

  it('the policies let the glass be broken when the consent oracle does', () => {
    fc.assert(
      fc.property(
        anyFacts,
        fc.constantFrom(...barriers),
        fc.constantFrom(...overrideReasons),
        (facts, barrier, reason) => {
          expect(region.decideBreakGlass(facts, barrier, reason).granted).toBe(oracle.breaks(facts, barrier, reason))
        },
      ),
      { numRuns },
    )
  })

  it('the policies decide on a concealed patient exactly as on a number never seen', () => {
    fc.assert(
      fc.property(
        anyFacts,
        fc.constantFrom(...barriers),
        fc.constantFrom(...overrideReasons),
        (facts, barrier, reason) => {
          fc.pre(facts.patient !== null)
          const unverified = { ...facts, patient: facts.patient && { ...facts.patient, verified: false } }
          const unknown = { ...facts, patient: null }
          expect(region.decideRelease(unverified)).toEqual(region.decideRelease(unknown))
          expect(region.decideBreakGlass(unverified, barrier, reason)).toEqual(
            region.decideBreakGlass(unknown, barrier, reason),
          )
          expect(region.decidePermission(unverified, 'INPATIENT_STAY_7_DAYS')).toEqual(
            region.decidePermission(unknown, 'INPATIENT_STAY_7_DAYS'),
          )
        },
      ),
      { numRuns },
    )
  })
})
