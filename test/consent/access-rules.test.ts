import { describe, expect, it } from 'vitest'
import { exchange, facts, lpres, noon, ofBoth, ofExchange, ofLpres } from '../support/consent/policy-cases.ts'

describe('who may query a region at all', () => {
  it.each([
    ['both regions share records for direct care', 'DIRECT_CARE', 'PERMITTED'],
    ['both regions share records for emergencies', 'EMERGENCY', 'PERMITTED'],
    ['neither region shares records for research, audit, insurance or planning', 'OTHER', 'REFUSED_PURPOSE'],
  ] as const)('%s', (_sentence, purpose, code) => {
    expect(exchange.decideAccess(facts({ purpose })).code).toBe(code)
    expect(lpres.decideAccess(facts({ purpose })).code).toBe(code)
  })

  it.each([
    ["the agreement admits the other region's clinicians", 'R0260', '2026-11-22', 'PERMITTED', 'PERMITTED'],
    [
      "the agreement does not admit the other region's pharmacists",
      'R1290',
      '2026-11-22',
      'REFUSED_AGREEMENT',
      'REFUSED_AGREEMENT',
    ],
    [
      "the agreement does not admit the other region's administrative staff",
      'R8010',
      '2026-11-22',
      'REFUSED_AGREEMENT',
      'REFUSED_AGREEMENT',
    ],
    [
      "neither region admits the other's clinicians on 31 March 2026, the day before the agreement begins",
      'R0260',
      '2026-03-31',
      'REFUSED_AGREEMENT',
      'REFUSED_AGREEMENT',
    ],
    [
      "each region admits the other's clinicians on 1 April 2026, when the agreement begins",
      'R0260',
      '2026-04-01',
      'PERMITTED',
      'PERMITTED',
    ],
    [
      "each region admits the other's clinicians on 31 March 2031, the agreement's last day",
      'R0260',
      '2031-03-31',
      'PERMITTED',
      'PERMITTED',
    ],
    [
      "neither region admits the other's clinicians on 1 April 2031, when the agreement is over",
      'R0260',
      '2031-04-01',
      'REFUSED_AGREEMENT',
      'REFUSED_AGREEMENT',
    ],
  ])('%s', (_sentence, role, day, ofExchangeAtLpres, ofLpresAtExchange) => {
    const nowMs = Date.parse(`${day}T11:00:00Z`)
    expect(lpres.decideAccess(facts({ ...ofExchange, role, nowMs })).code).toBe(ofExchangeAtLpres)
    expect(exchange.decideAccess(facts({ ...ofLpres, role, nowMs })).code).toBe(ofLpresAtExchange)
  })

  it('the agreement ends at midnight in London, which in summer time is not midnight UTC', () => {
    expect(exchange.decideAccess(facts({ ...ofLpres, nowMs: Date.parse('2031-03-31T22:59:59Z') })).code).toBe(
      'PERMITTED',
    )
    expect(exchange.decideAccess(facts({ ...ofLpres, nowMs: Date.parse('2031-03-31T23:00:00Z') })).code).toBe(
      'REFUSED_AGREEMENT',
    )
  })

  it('both regions admit an ambulance trust of both without an agreement, and refuse an organisation of neither', () => {
    for (const region of [exchange, lpres]) {
      expect(region.decideAccess(facts({ ...ofBoth, role: 'R1070', nowMs: noon + 10 * 365 * 86_400_000 })).code).toBe(
        'PERMITTED',
      )
      expect(region.decideAccess(facts({ organisation: 'P99999', regions: [] })).code).toBe('REFUSED_AGREEMENT')
    }
  })

  it.each([
    [
      'e-Xchange refuses every student, and LPRES refuses students without a supervisor',
      'R8004',
      false,
      'REFUSED_ROLE',
      'REFUSED_ROLE',
    ],
    [
      "LPRES admits students who give a supervisor's id, and e-Xchange refuses them",
      'R8004',
      true,
      'REFUSED_ROLE',
      'PERMITTED',
    ],
    ['e-Xchange admits social workers, and LPRES refuses them', 'R1330', false, 'PERMITTED', 'REFUSED_ROLE'],
    ['both regions admit pharmacists', 'R1290', false, 'PERMITTED', 'PERMITTED'],
    ['both regions admit administrative staff', 'R8006', false, 'PERMITTED', 'PERMITTED'],
    ['both regions refuse patient data to privacy officers', 'R0001', false, 'REFUSED_ROLE', 'REFUSED_ROLE'],
    ['both regions refuse patient data to researchers', 'R1860', false, 'REFUSED_ROLE', 'REFUSED_ROLE'],
    ['both regions refuse patient data to a role that no table lists', 'R9999', false, 'REFUSED_ROLE', 'REFUSED_ROLE'],
  ])('%s', (_sentence, role, supervised, atExchange, atLpres) => {
    expect(exchange.decideAccess(facts({ ...ofExchange, role, supervised })).code).toBe(atExchange)
    expect(lpres.decideAccess(facts({ ...ofLpres, role, supervised })).code).toBe(atLpres)
  })

  it('a refused role sees which rule refuses it', () => {
    const refusing = (role: string) =>
      [
        exchange.decideAccess(facts({ ...ofExchange, role })).rules,
        lpres.decideAccess(facts({ ...ofLpres, role })).rules,
      ].flat()
    expect([refusing('R8004'), refusing('R0001')]).toEqual([
      ['cm-students', 'lsc-students'],
      ['cm-roles', 'lsc-roles'],
    ])
  })

  it('a refusal names its rule and gives the reason in plain words', () => {
    expect(exchange.decideAccess(facts({ purpose: 'OTHER' }))).toEqual({
      code: 'REFUSED_PURPOSE',
      rules: ['cm-care-only'],
      says: 'e-Xchange shares for direct care and emergencies only: not for research, audit, insurance or planning.',
      policyVersion: exchange.version,
    })
  })
})
