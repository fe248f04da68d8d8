import { describe, expect, it } from 'vitest'
import type { PatientFacts, ReleaseFacts } from '../../schema/policies/facts.ts'
import { loadRegions } from '../../schema/regions.ts'
import {
  exchange,
  facts,
  hourMs,
  lpres,
  noon,
  ofBoth,
  ofExchange,
  ofLpres,
  seenDaysAgo,
  strangers,
} from '../support/consent/policy-cases.ts'

/** Told as the code; a patient who looks like a number never seen as NOT_KNOWN; an alert by a mark. */
function at(region: typeof exchange, asked: ReleaseFacts): string {
  const { code, concealed, alert } = region.decideRelease(asked)
  return `${concealed ? 'NOT_KNOWN' : code}${alert ? '!' : ''}`
}

const claimed = { claim: 'CLAIMED' } as const
const grant = (
  barrier: 'OPT_OUT' | 'PERMISSION' | 'CONFIDENTIALITY',
  reason: PatientFacts['grants'][number]['reason'],
  untilMs = noon + hourMs,
) => ({
  grants: [{ id: 'grant-1', barrier, reason, untilMs }],
})
const registered = { ...strangers, registrationDays: 0 }

describe("the two regions' release rules", () => {
  it.each<readonly [sentence: string, Parameters<typeof facts>[0], atExchange: string, atLpres: string]>([
    [
      'e-Xchange requires permission first, and LPRES accepts a relationship',
      { patient: { permissionUntilMs: null } },
      'PERMISSION_REQUIRED',
      'PERMITTED',
    ],
    [
      'e-Xchange shows the record while the permission lasts',
      { patient: { permissionUntilMs: noon + 1 } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'e-Xchange requires a new permission at the very moment that the old one ends',
      { patient: { permissionUntilMs: noon } },
      'PERMISSION_REQUIRED',
      'PERMITTED',
    ],
    [
      'both regions count an attendance 90 days ago as a relationship',
      { patient: { relationship: seenDaysAgo(90) } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'e-Xchange does not count an attendance 91 days ago as a relationship',
      { patient: { relationship: seenDaysAgo(91) } },
      'RELATIONSHIP_REQUIRED',
      'PERMITTED',
    ],
    [
      'both regions count a referral as a relationship',
      { patient: { relationship: { ...strangers, referralDays: 30 } } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'both regions count a registration as a relationship',
      { patient: { relationship: registered } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'e-Xchange counts an ended registration as a relationship for 90 days',
      { patient: { relationship: { ...strangers, registrationDays: 60 } } },
      'PERMITTED',
      'RELATIONSHIP_REQUIRED',
    ],
    [
      'both regions require a relationship',
      { patient: { relationship: strangers } },
      'RELATIONSHIP_REQUIRED',
      'RELATIONSHIP_REQUIRED',
    ],
    [
      'a clinician may claim a relationship, with an alert when none is on record',
      { ...claimed, patient: { relationship: strangers } },
      'PERMITTED!',
      'PERMITTED!',
    ],
    ['a claim beside a recorded encounter raises no alert', { ...claimed, patient: {} }, 'PERMITTED', 'PERMITTED'],
    [
      'a claim beside an old encounter raises an alert at e-Xchange only',
      { ...claimed, patient: { relationship: seenDaysAgo(400) } },
      'PERMITTED!',
      'PERMITTED',
    ],
    [
      'LPRES accepts claims from clinicians only',
      { ...ofBoth, ...claimed, role: 'R1290', patient: { relationship: strangers } },
      'PERMITTED!',
      'RELATIONSHIP_REQUIRED',
    ],
    [
      'for clinic preparation without the patient, e-Xchange requires that reason and a relationship on record',
      { reason: 'CLINIC_PREPARATION', patient: { permissionUntilMs: null } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'e-Xchange does not accept a claimed relationship for clinic preparation',
      { ...claimed, reason: 'CLINIC_PREPARATION', patient: { permissionUntilMs: null, relationship: strangers } },
      'PERMISSION_REQUIRED',
      'PERMITTED!',
    ],
    [
      'e-Xchange requires no permission of paramedics in an emergency',
      { ...ofBoth, role: 'R1070', purpose: 'EMERGENCY', patient: { permissionUntilMs: null } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'e-Xchange requires permission of paramedics outside an emergency',
      { ...ofBoth, role: 'R1070', patient: { permissionUntilMs: null } },
      'PERMISSION_REQUIRED',
      'PERMITTED',
    ],
    [
      'e-Xchange requires permission of everybody else in an emergency',
      { purpose: 'EMERGENCY', patient: { permissionUntilMs: null } },
      'PERMISSION_REQUIRED',
      'PERMITTED',
    ],
    [
      'both regions disclose an opt-out to a clinician',
      { patient: { optOuts: { whole: true, sources: [] } } },
      'REFUSED_OPT_OUT',
      'REFUSED_OPT_OUT',
    ],
    [
      'LPRES discloses an opt-out to a pharmacist, e-Xchange only to clinicians',
      { ...ofBoth, role: 'R1290', ...claimed, patient: { optOuts: { whole: true, sources: [] } } },
      'NOT_KNOWN!',
      'REFUSED_OPT_OUT',
    ],
    [
      'neither region refuses the record for an opt-out by organisation',
      { patient: { optOuts: { whole: false, sources: ['RBL'] } } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'e-Xchange conceals a flagged patient, and LPRES shows a part',
      { ...claimed, patient: { sensitive: true } },
      'NOT_KNOWN!',
      'PERMITTED',
    ],
    [
      'neither region shows a number that is not verified',
      { ...claimed, patient: { verified: false } },
      'NOT_KNOWN!',
      'NOT_KNOWN!',
    ],
    [
      'both regions show a record for 28 days after death',
      { patient: { deceased: true, deceasedDays: 28 } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'neither region finds a record more than 28 days after death',
      { ...claimed, patient: { deceased: true, deceasedDays: 29 } },
      'NOT_KNOWN!',
      'NOT_KNOWN!',
    ],
    [
      'neither region finds the record of a patient who died on an unknown day',
      { ...claimed, patient: { deceased: true, deceasedDays: null } },
      'NOT_KNOWN!',
      'NOT_KNOWN!',
    ],
    [
      'nobody sees their own record, by the number requested',
      { ownNumber: true, patient: {} },
      'REFUSED_SELF!',
      'REFUSED_SELF!',
    ],
    [
      'nobody sees their own record, by the number in force',
      { patient: { viewersOwn: true } },
      'REFUSED_SELF!',
      'REFUSED_SELF!',
    ],
  ])('%s', (_sentence, asked, atExchange, atLpres) => {
    expect(at(exchange, facts({ ...asked }))).toBe(atExchange)
    expect(at(lpres, facts({ ...ofLpres, ...asked }))).toBe(atLpres)
  })

  it('LPRES hides an opt-out from administrative staff, and e-Xchange hides it from all but clinicians', () => {
    const clerk = facts({ ...ofBoth, role: 'R8010', patient: { optOuts: { whole: true, sources: [] } } })
    expect(exchange.decideRelease(clerk)).toEqual(exchange.decideRelease({ ...clerk, patient: null }))
    expect(lpres.decideRelease(clerk)).toEqual(lpres.decideRelease({ ...clerk, patient: null }))
  })

  it('permission lasts 24 hours at e-Xchange, or 7 days for a team with the patient as an inpatient, and LPRES accepts none', () => {
    const inpatient = facts({ patient: { relationship: { ...seenDaysAgo(0), inpatient: true } } })
    expect(exchange.decidePermission(facts(), 'CARE_EPISODE_24_HOURS')).toMatchObject({
      granted: true,
      lastsMs: 24 * hourMs,
    })
    expect(exchange.decidePermission(facts(), 'INPATIENT_STAY_7_DAYS')).toMatchObject({ granted: false, lastsMs: 0 })
    expect(exchange.decidePermission(inpatient, 'INPATIENT_STAY_7_DAYS')).toMatchObject({
      granted: true,
      lastsMs: 7 * 24 * hourMs,
    })
    for (const role of ['R1290', 'R1330'])
      expect(exchange.decidePermission(facts({ role }), 'CARE_EPISODE_24_HOURS').granted).toBe(true)
    for (const role of ['R1290', 'R1330'])
      expect(exchange.decidePermission({ ...inpatient, role }, 'INPATIENT_STAY_7_DAYS').granted).toBe(true)
    expect(exchange.decidePermission(facts({ role: 'R8010' }), 'CARE_EPISODE_24_HOURS')).toMatchObject({
      granted: false,
      code: 'REFUSED_ROLE',
    })
    expect(lpres.decidePermission(facts(ofLpres), 'CARE_EPISODE_24_HOURS')).toMatchObject({
      granted: false,
      code: 'NO_BARRIER',
      rules: ['lsc-permission-not-asked'],
    })
  })

  it("a region's settings give deadlines of 2.5 s (e-Xchange) and 2 s (LPRES), lists for 60 and 120 s, static documents for 15 and 60 minutes", () => {
    expect(loadRegions().map(({ timeMs }) => timeMs)).toEqual([2500, 2000])
    expect([exchange, lpres].map(({ settings }) => settings.cache)).toEqual([
      { listsSeconds: 60, staticDocumentsSeconds: 900 },
      { listsSeconds: 120, staticDocumentsSeconds: 3600 },
    ])
  })
})

describe('breaking the glass', () => {
  const optedOut = { optOuts: { whole: true, sources: [] } }

  it('a refusal lists the reasons that each region accepts for each barrier', () => {
    expect(exchange.decideRelease(facts({ patient: { ...optedOut, permissionUntilMs: null } })).breakGlass).toEqual([
      { barrier: 'OPT_OUT', reasons: ['VITAL_INTERESTS', 'STATUTE', 'COURT_ORDER'] },
      { barrier: 'PERMISSION', reasons: ['EMERGENCY', 'PUBLIC_INTEREST', 'STATUTE'] },
    ])
    expect(lpres.decideRelease(facts({ ...ofLpres, patient: optedOut })).breakGlass).toEqual([
      { barrier: 'OPT_OUT', reasons: ['EMERGENCY'] },
    ])
  })

  it('a released record says whether the glass may be broken for very restricted content, whether or not there is any', () => {
    expect(exchange.decideRelease(facts(ofLpres)).breakGlass).toEqual([
      { barrier: 'CONFIDENTIALITY', reasons: ['EMERGENCY', 'VITAL_INTERESTS'] },
    ])
    expect(lpres.decideRelease(facts(ofLpres)).breakGlass).toEqual([
      { barrier: 'CONFIDENTIALITY', reasons: ['EMERGENCY'] },
    ])
    expect(lpres.decideRelease(facts(ofExchange)).breakGlass).toEqual([])
  })

  it('only clinicians may break the glass', () => {
    for (const role of ['R1290', 'R8010', 'R8004']) {
      const asked = facts({ ...ofBoth, role, supervised: true, patient: { ...optedOut, permissionUntilMs: null } })
      for (const region of [exchange, lpres]) {
        expect(region.decideRelease(asked).breakGlass).toEqual([])
        for (const barrier of ['OPT_OUT', 'PERMISSION', 'CONFIDENTIALITY'] as const)
          expect(region.decideBreakGlass(asked, barrier, 'EMERGENCY').granted).toBe(false)
      }
    }
  })

  it('e-Xchange overrides an opt-out by statute, court order or vital interests, LPRES in an emergency, for 60 minutes with an alert', () => {
    const asked = facts({ ...ofBoth, patient: optedOut })
    const taken = (region: typeof exchange) =>
      (['EMERGENCY', 'VITAL_INTERESTS', 'PUBLIC_INTEREST', 'STATUTE', 'COURT_ORDER'] as const).filter(
        (reason) => region.decideBreakGlass(asked, 'OPT_OUT', reason).granted,
      )
    expect(taken(exchange)).toEqual(['VITAL_INTERESTS', 'STATUTE', 'COURT_ORDER'])
    expect(taken(lpres)).toEqual(['EMERGENCY'])
    expect(exchange.decideBreakGlass(asked, 'OPT_OUT', 'EMERGENCY')).toMatchObject({
      granted: false,
      code: 'REFUSED_OPT_OUT',
    })
    expect(exchange.decideBreakGlass(asked, 'OPT_OUT', 'STATUTE')).toMatchObject({
      granted: true,
      lastsMs: hourMs,
      alert: true,
    })
    expect(lpres.decideBreakGlass(asked, 'OPT_OUT', 'EMERGENCY')).toMatchObject({
      granted: true,
      lastsMs: hourMs,
      alert: true,
    })
  })

  it('a record released under a grant is marked as overridden, alerted, tied to the grant and never cached', () => {
    expect(exchange.decideRelease(facts({ patient: { ...optedOut, ...grant('OPT_OUT', 'STATUTE') } }))).toMatchObject({
      code: 'OVERRIDDEN',
      rules: ['cm-break-opt-out', 'cm-relationship-known'],
      overridden: true,
      grants: ['grant-1'],
      alert: true,
      cacheable: false,
    })
  })

  it.each<readonly [sentence: string, Parameters<typeof facts>[0], atExchange: string, atLpres: string]>([
    [
      'a grant for another barrier lifts nothing',
      { patient: { ...optedOut, ...grant('PERMISSION', 'EMERGENCY') } },
      'REFUSED_OPT_OUT',
      'REFUSED_OPT_OUT',
    ],
    [
      'a grant that has ended lifts nothing',
      { patient: { ...optedOut, ...grant('OPT_OUT', 'STATUTE', noon) } },
      'REFUSED_OPT_OUT',
      'REFUSED_OPT_OUT',
    ],
    [
      'a grant counts only for a reason that the region accepts',
      { patient: { ...optedOut, ...grant('OPT_OUT', 'EMERGENCY') } },
      'REFUSED_OPT_OUT',
      'OVERRIDDEN!',
    ],
    [
      'a grant overrides a missing permission',
      { patient: { permissionUntilMs: null, ...grant('PERMISSION', 'EMERGENCY') } },
      'OVERRIDDEN!',
      'PERMITTED',
    ],
    [
      'a grant that overrides an opt-out leaves the permission required',
      { patient: { ...optedOut, permissionUntilMs: null, ...grant('OPT_OUT', 'STATUTE') } },
      'PERMISSION_REQUIRED',
      'REFUSED_OPT_OUT',
    ],
    [
      'a grant is not used where its barrier no longer stands',
      { patient: grant('OPT_OUT', 'STATUTE') },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'a grant is of no use to the same person in another role',
      { role: 'R8010', patient: { permissionUntilMs: null, ...grant('PERMISSION', 'EMERGENCY') } },
      'PERMISSION_REQUIRED',
      'PERMITTED',
    ],
    [
      'e-Xchange conceals a flagged patient under any grant',
      { ...claimed, patient: { sensitive: true, ...grant('CONFIDENTIALITY', 'EMERGENCY') } },
      'NOT_KNOWN!',
      'OVERRIDDEN!',
    ],
  ])('%s', (_sentence, asked, atExchange, atLpres) => {
    expect(at(exchange, facts({ ...asked }))).toBe(atExchange)
    expect(at(lpres, facts({ ...ofLpres, ...asked }))).toBe(atLpres)
  })

  it('breaking the glass gets the same answer for a number never seen, a concealed patient and a barrier that does not stand', () => {
    const told = [null, { sensitive: true }, { verified: false }, {}].map((about) =>
      exchange.decideBreakGlass(facts({ ...claimed, patient: about }), 'OPT_OUT', 'STATUTE'),
    )
    expect(told[0]).toMatchObject({ code: 'NO_BARRIER', granted: false })
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1)
  })

  it('a region records permission alike for a number never seen and for a concealed patient', () => {
    const told = [
      null,
      { sensitive: true },
      { relationship: { ...seenDaysAgo(0), inpatient: true }, verified: false },
    ].map((about) =>
      (['CARE_EPISODE_24_HOURS', 'INPATIENT_STAY_7_DAYS'] as const).map((basis) =>
        exchange.decidePermission(facts({ ...claimed, patient: about }), basis),
      ),
    )
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1)
  })
})
