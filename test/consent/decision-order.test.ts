import { describe, expect, it } from 'vitest'
import type { PatientFacts } from '../../schema/policies/facts.ts'
import {
  exchange,
  facts,
  hourMs,
  lpres,
  noon,
  ofBoth,
  ofLpres,
  seenDaysAgo,
  strangers,
} from '../support/consent/policy-cases.ts'

const refused: Partial<PatientFacts> = { optOuts: { whole: true, sources: [] }, permissionUntilMs: null }

describe("the order of a decision's steps", () => {
  it('a decision names the first of the steps that refuse', () => {
    const everything = {
      ...ofLpres,
      purpose: 'OTHER',
      role: 'R8004',
      ownNumber: true,
      patient: { ...refused, relationship: strangers },
    } as const
    const told = [
      facts(everything),
      facts({ ...everything, purpose: 'DIRECT_CARE' }),
      facts({ ...everything, purpose: 'DIRECT_CARE', ...ofBoth }),
      facts({ ...everything, purpose: 'DIRECT_CARE', ...ofBoth, role: 'R0050' }),
      facts({ ...everything, purpose: 'DIRECT_CARE', ...ofBoth, role: 'R0050', claim: 'CLAIMED' }),
      facts({ ...everything, purpose: 'DIRECT_CARE', ...ofBoth, role: 'R0050', claim: 'CLAIMED', ownNumber: false }),
      facts({
        ...everything,
        purpose: 'DIRECT_CARE',
        ...ofBoth,
        role: 'R0050',
        claim: 'CLAIMED',
        ownNumber: false,
        patient: { permissionUntilMs: null },
      }),
    ].map((asked) => exchange.decideRelease(asked).code)
    expect(told).toEqual([
      'REFUSED_PURPOSE',
      'REFUSED_AGREEMENT',
      'REFUSED_ROLE',
      'RELATIONSHIP_REQUIRED',
      'REFUSED_SELF',
      'REFUSED_OPT_OUT',
      'PERMISSION_REQUIRED',
    ])
  })

  it('a region demands a relationship alike for a known, an unknown and a concealed number', () => {
    for (const region of [exchange, lpres]) {
      const told = [{}, null, { sensitive: true }, { verified: false }, refused].map((about) =>
        region.decideRelease(facts({ patient: about && { ...about, relationship: strangers } })),
      )
      expect(told[0]?.code).toBe('RELATIONSHIP_REQUIRED')
      for (const one of told) expect(one).toEqual(told[0])
    }
  })

  it('a decision on a concealed patient equals that on a number never seen, whatever relationship the store knows', () => {
    const grants = [{ id: 'grant-1', barrier: 'OPT_OUT', reason: 'STATUTE', untilMs: noon + 1000 }] as const
    for (const claim of [null, 'CLAIMED'] as const) {
      const unknown = exchange.decideRelease(facts({ claim, patient: null }))
      for (const about of [{ sensitive: true }, { verified: false }, { deceased: true, deceasedDays: 29 }]) {
        const concealed = facts({
          claim,
          patient: { ...about, relationship: seenDaysAgo(1), permissionUntilMs: noon + 5, grants },
        })
        expect(exchange.decideRelease(concealed)).toEqual(unknown)
        expect(exchange.decideItems(concealed, [{ section: 'demographics' }])[0]?.outcome).toBe('hidden')
      }
    }
  })

  it('a number never seen is permitted, has no record to show, and is never cached', () => {
    expect(lpres.decideRelease(facts({ ...ofLpres, claim: 'CLAIMED', patient: null }))).toMatchObject({
      code: 'PERMITTED',
      concealed: true,
      breakGlass: [],
      grants: [],
      cacheable: false,
    })
  })
})

describe('how long a decision stands', () => {
  it.each([
    ["a decision stands for the region's list time", exchange, {}, noon, 60_000],
    ["a decision stands for the other region's list time", lpres, ofLpres, noon, 120_000],
    [
      'a decision stands until the permission ends',
      exchange,
      { patient: { permissionUntilMs: noon + 1500 } },
      noon,
      1500,
    ],
    [
      'a decision stands until a grant ends',
      exchange,
      { patient: { grants: [{ id: 'g', barrier: 'CONFIDENTIALITY', reason: 'EMERGENCY', untilMs: noon + 700 }] } },
      noon,
      700,
    ],
    ['a decision stands until midnight in London, in winter', exchange, {}, Date.parse('2026-11-22T23:59:59Z'), 1000],
    ['a decision stands until midnight in London, in summer', exchange, {}, Date.parse('2026-07-22T22:59:58Z'), 2000],
  ] as const)('%s', (_sentence, region, asked, nowMs, standsForMs) => {
    const about = { permissionUntilMs: nowMs + hourMs, ...('patient' in asked ? asked.patient : {}) }
    expect(region.decideRelease(facts({ ...asked, nowMs, patient: about })).standsForMs).toBe(standsForMs)
  })

  it('an ordinary answer may be cached, and one of a flagged patient may not', () => {
    expect(lpres.decideRelease(facts(ofLpres)).cacheable).toBe(true)
    expect(lpres.decideRelease(facts({ ...ofLpres, patient: { sensitive: true } })).cacheable).toBe(false)
  })
})
