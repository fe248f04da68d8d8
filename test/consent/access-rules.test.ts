import { describe, expect, it } from 'vitest'
import { exchange, facts, lpres, noon, ofBoth, ofExchange, ofLpres } from '../support/consent/policy-cases.ts'

describe('who may ask at all', () => {
  it.each([
    ['both share for direct care', 'DIRECT_CARE', 'PERMITTED'],
    ['both share for emergencies', 'EMERGENCY', 'PERMITTED'],
    ['neither shares for research, audit, insurance or planning', 'OTHER', 'REFUSED_PURPOSE'],
  ] as const)('%s', (_sentence, purpose, code) => {
    expect(exchange.decideAccess(facts({ purpose })).code).toBe(code)
    expect(lpres.decideAccess(facts({ purpose })).code).toBe(code)
  })

  it.each([
    ["the agreement lets the other region's clinicians in", 'R0260', '2026-11-22', 'PERMITTED', 'PERMITTED'],
    [
      "the other region's pharmacists are outside the agreement",
      'R1290',
      '2026-11-22',
      'REFUSED_AGREEMENT',
      'REFUSED_AGREEMENT',
    ],
    [
      "the other region's administrative staff are outside the agreement",
      'R8010',
      '2026-11-22',
      'REFUSED_AGREEMENT',
      'REFUSED_AGREEMENT',
    ],
    ['the agreement has not begun on 31 March 2026', 'R0260', '2026-03-31', 'REFUSED_AGREEMENT', 'REFUSED_AGREEMENT'],
    ['the agreement begins on 1 April 2026', 'R0260', '2026-04-01', 'PERMITTED', 'PERMITTED'],
    ['the agreement lasts five years, to 31 March 2031', 'R0260', '2031-03-31', 'PERMITTED', 'PERMITTED'],
    ['the agreement is over on 1 April 2031', 'R0260', '2031-04-01', 'REFUSED_AGREEMENT', 'REFUSED_AGREEMENT'],
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

  it('an ambulance trust of both regions needs no agreement, and an organisation of neither has none', () => {
    for (const region of [exchange, lpres]) {
      expect(region.decideAccess(facts({ ...ofBoth, role: 'R1070', nowMs: noon + 10 * 365 * 86_400_000 })).code).toBe(
        'PERMITTED',
      )
      expect(region.decideAccess(facts({ organisation: 'P99999', regions: [] })).code).toBe('REFUSED_AGREEMENT')
    }
  })

  it.each([
    [
      'e-Xchange shows nothing to students, LPRES to those who have no supervisor',
      'R8004',
      false,
      'REFUSED_ROLE',
      'REFUSED_ROLE',
    ],
    [
      'LPRES lets students read with the id of a supervisor, e-Xchange does not',
      'R8004',
      true,
      'REFUSED_ROLE',
      'PERMITTED',
    ],
    ['e-Xchange lets social workers ask, LPRES names nothing for them', 'R1330', false, 'PERMITTED', 'REFUSED_ROLE'],
    ['pharmacists may ask both', 'R1290', false, 'PERMITTED', 'PERMITTED'],
    ['administrative staff may ask both', 'R8006', false, 'PERMITTED', 'PERMITTED'],
    ['privacy officers see no patient data', 'R0001', false, 'REFUSED_ROLE', 'REFUSED_ROLE'],
    ['researchers see no patient data', 'R1860', false, 'REFUSED_ROLE', 'REFUSED_ROLE'],
    ['an unheard-of role sees no patient data', 'R9999', false, 'REFUSED_ROLE', 'REFUSED_ROLE'],
  ])('%s', (_sentence, role, supervised, atExchange, atLpres) => {
    expect(exchange.decideAccess(facts({ ...ofExchange, role, supervised })).code).toBe(atExchange)
    expect(lpres.decideAccess(facts({ ...ofLpres, role, supervised })).code).toBe(atLpres)
  })

  it('a refused role is told by which rule', () => {
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

  it('a refusal names the rule and says why in words', () => {
    expect(exchange.decideAccess(facts({ purpose: 'OTHER' }))).toEqual({
      code: 'REFUSED_PURPOSE',
      rules: ['cm-care-only'],
      says: 'e-Xchange shares for direct care and emergencies only: not for research, audit, insurance or planning.',
      policyVersion: exchange.version,
    })
  })
})
