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
      'e-Xchange asks for permission first, to LPRES a relationship is enough',
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
      'e-Xchange asks again at the very moment that the permission ends',
      { patient: { permissionUntilMs: noon } },
      'PERMISSION_REQUIRED',
      'PERMITTED',
    ],
    [
      'an attendance 90 days ago is a relationship for both',
      { patient: { relationship: seenDaysAgo(90) } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'an attendance 91 days ago is none for e-Xchange',
      { patient: { relationship: seenDaysAgo(91) } },
      'RELATIONSHIP_REQUIRED',
      'PERMITTED',
    ],
    [
      'a referral is a relationship',
      { patient: { relationship: { ...strangers, referralDays: 30 } } },
      'PERMITTED',
      'PERMITTED',
    ],
    ['a registration is a relationship', { patient: { relationship: registered } }, 'PERMITTED', 'PERMITTED'],
    [
      'a registration that ended is one to e-Xchange for 90 days',
      { patient: { relationship: { ...strangers, registrationDays: 60 } } },
      'PERMITTED',
      'RELATIONSHIP_REQUIRED',
    ],
    [
      'both need a relationship',
      { patient: { relationship: strangers } },
      'RELATIONSHIP_REQUIRED',
      'RELATIONSHIP_REQUIRED',
    ],
    [
      'a clinician may claim one, with an alert where none is on record',
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
      'LPRES takes claims from clinicians only',
      { ...ofBoth, ...claimed, role: 'R1290', patient: { relationship: strangers } },
      'PERMITTED!',
      'RELATIONSHIP_REQUIRED',
    ],
    [
      'a clinic is prepared without the patient: e-Xchange needs that reason and a relationship on record',
      { reason: 'CLINIC_PREPARATION', patient: { permissionUntilMs: null } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'a claimed relationship does not do for clinic preparation at e-Xchange',
      { ...claimed, reason: 'CLINIC_PREPARATION', patient: { permissionUntilMs: null, relationship: strangers } },
      'PERMISSION_REQUIRED',
      'PERMITTED!',
    ],
    [
      'e-Xchange asks paramedics for no permission in an emergency',
      { ...ofBoth, role: 'R1070', purpose: 'EMERGENCY', patient: { permissionUntilMs: null } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'e-Xchange asks paramedics otherwise',
      { ...ofBoth, role: 'R1070', patient: { permissionUntilMs: null } },
      'PERMISSION_REQUIRED',
      'PERMITTED',
    ],
    [
      'e-Xchange asks everybody else in an emergency',
      { purpose: 'EMERGENCY', patient: { permissionUntilMs: null } },
      'PERMISSION_REQUIRED',
      'PERMITTED',
    ],
    [
      'both tell a clinician of an opt-out',
      { patient: { optOuts: { whole: true, sources: [] } } },
      'REFUSED_OPT_OUT',
      'REFUSED_OPT_OUT',
    ],
    [
      'LPRES tells a pharmacist of an opt-out, e-Xchange only clinicians',
      { ...ofBoth, role: 'R1290', ...claimed, patient: { optOuts: { whole: true, sources: [] } } },
      'NOT_KNOWN!',
      'REFUSED_OPT_OUT',
    ],
    [
      'neither refuses for an opt-out by organisation',
      { patient: { optOuts: { whole: false, sources: ['RBL'] } } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'e-Xchange conceals a flagged patient, LPRES shows a part',
      { ...claimed, patient: { sensitive: true } },
      'NOT_KNOWN!',
      'PERMITTED',
    ],
    [
      'neither shows a number that is not verified',
      { ...claimed, patient: { verified: false } },
      'NOT_KNOWN!',
      'NOT_KNOWN!',
    ],
    [
      'both show a record for 28 days after death',
      { patient: { deceased: true, deceasedDays: 28 } },
      'PERMITTED',
      'PERMITTED',
    ],
    [
      'neither finds it after that',
      { ...claimed, patient: { deceased: true, deceasedDays: 29 } },
      'NOT_KNOWN!',
      'NOT_KNOWN!',
    ],
    [
      'neither finds the dead of an unknown day',
      { ...claimed, patient: { deceased: true, deceasedDays: null } },
      'NOT_KNOWN!',
      'NOT_KNOWN!',
    ],
    [
      'nobody may look at their own record, by the number asked',
      { ownNumber: true, patient: {} },
      'REFUSED_SELF!',
      'REFUSED_SELF!',
    ],
    [
      'nobody may look at their own record, by the number in force',
      { patient: { viewersOwn: true } },
      'REFUSED_SELF!',
      'REFUSED_SELF!',
    ],
  ])('%s', (_sentence, asked, atExchange, atLpres) => {
    expect(at(exchange, facts({ ...asked }))).toBe(atExchange)
    expect(at(lpres, facts({ ...ofLpres, ...asked }))).toBe(atLpres)
  })

  it('LPRES hides an opt-out from administrative staff, e-Xchange from all but clinicians', () => {
    const clerk = facts({ ...ofBoth, role: 'R8010', patient: { optOuts: { whole: true, sources: [] } } })
    expect(exchange.decideRelease(clerk)).toEqual(exchange.decideRelease({ ...clerk, patient: null }))
    expect(lpres.decideRelease(clerk)).toEqual(lpres.decideRelease({ ...clerk, patient: null }))
  })

  it('permission lasts 24 hours at e-Xchange, or 7 days for a team that has the patient as an inpatient; LPRES takes none', () => {
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

  it('the time allowed is 2.5 seconds for e-Xchange and 2 for LPRES; lists are kept 60 and 120 seconds, static documents 15 and 60 minutes', () => {
    expect(loadRegions().map(({ timeMs }) => timeMs)).toEqual([2500, 2000])
    expect([exchange, lpres].map(({ settings }) => settings.cache)).toEqual([
      { listsSeconds: 60, staticDocumentsSeconds: 900 },
      { listsSeconds: 120, staticDocumentsSeconds: 3600 },
    ])
  })
})

describe('breaking the glass', () => {
  const optedOut = { optOuts: { whole: true, sources: [] } }

  it('a refusal lists the reasons that each region takes for each barrier', () => {
    expect(exchange.decideRelease(facts({ patient: { ...optedOut, permissionUntilMs: null } })).breakGlass).toEqual([
      { barrier: 'OPT_OUT', reasons: ['VITAL_INTERESTS', 'STATUTE', 'COURT_ORDER'] },
      { barrier: 'PERMISSION', reasons: ['EMERGENCY', 'PUBLIC_INTEREST', 'STATUTE'] },
    ])
    expect(lpres.decideRelease(facts({ ...ofLpres, patient: optedOut })).breakGlass).toEqual([
      { barrier: 'OPT_OUT', reasons: ['EMERGENCY'] },
    ])
  })

  it('a released record says whether the glass may be broken for very restricted content, whether there is any or not: LPRES lets its own region only', () => {
    expect(exchange.decideRelease(facts(ofLpres)).breakGlass).toEqual([
      { barrier: 'CONFIDENTIALITY', reasons: ['EMERGENCY', 'VITAL_INTERESTS'] },
    ])
    expect(lpres.decideRelease(facts(ofLpres)).breakGlass).toEqual([
      { barrier: 'CONFIDENTIALITY', reasons: ['EMERGENCY'] },
    ])
    expect(lpres.decideRelease(facts(ofExchange)).breakGlass).toEqual([])
  })

  it('only clinicians break it', () => {
    for (const role of ['R1290', 'R8010', 'R8004']) {
      const asked = facts({ ...ofBoth, role, supervised: true, patient: { ...optedOut, permissionUntilMs: null } })
      for (const region of [exchange, lpres]) {
        expect(region.decideRelease(asked).breakGlass).toEqual([])
        for (const barrier of ['OPT_OUT', 'PERMISSION', 'CONFIDENTIALITY'] as const)
          expect(region.decideBreakGlass(asked, barrier, 'EMERGENCY').granted).toBe(false)
      }
    }
  })

  it('e-Xchange overrides an opt-out by statute, court order or vital interests, LPRES in an emergency; 60 minutes, with an alert', () => {
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

  it('under a grant the record is overridden, marked, alerted, tied to the grant and never kept', () => {
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
      'a grant counts only for a reason that the region takes',
      { patient: { ...optedOut, ...grant('OPT_OUT', 'EMERGENCY') } },
      'REFUSED_OPT_OUT',
      'OVERRIDDEN!',
    ],
    [
      'an overridden permission',
      { patient: { permissionUntilMs: null, ...grant('PERMISSION', 'EMERGENCY') } },
      'OVERRIDDEN!',
      'PERMITTED',
    ],
    [
      'an opt-out that is overridden leaves the permission to be asked',
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
      'a flagged patient stays concealed under any grant at e-Xchange',
      { ...claimed, patient: { sensitive: true, ...grant('CONFIDENTIALITY', 'EMERGENCY') } },
      'NOT_KNOWN!',
      'OVERRIDDEN!',
    ],
  ])('%s', (_sentence, asked, atExchange, atLpres) => {
    expect(at(exchange, facts({ ...asked }))).toBe(atExchange)
    expect(at(lpres, facts({ ...ofLpres, ...asked }))).toBe(atLpres)
  })

  it('there is nothing to break for a number never seen, for a concealed patient, or where no such barrier stands, and all are told alike', () => {
    const told = [null, { sensitive: true }, { verified: false }, {}].map((about) =>
      exchange.decideBreakGlass(facts({ ...claimed, patient: about }), 'OPT_OUT', 'STATUTE'),
    )
    expect(told[0]).toMatchObject({ code: 'NO_BARRIER', granted: false })
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1)
  })

  it('permission is recorded alike for a number never seen and for a concealed patient', () => {
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
