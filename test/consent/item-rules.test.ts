import { describe, expect, it } from 'vitest'
import type { ItemOutcome, ItemSection, PatientFacts, ReleaseClass, ReleaseFacts } from '../../schema/policies/facts.ts'
import {
  exchange,
  facts,
  hourMs,
  lpres,
  noon,
  ofBoth,
  ofExchange,
  ofLpres,
  strangers,
} from '../support/consent/policy-cases.ts'

type Asked = Parameters<typeof facts>[0]

function outcome(region: typeof exchange, asked: ReleaseFacts, kind: ReleaseClass): ItemOutcome | undefined {
  return region.decideItems(asked, [kind])[0]?.outcome
}

const mentalHealthNote = (source: string): ReleaseClass => ({
  section: 'documents',
  settings: ['708168004'],
  types: ['371530004'],
  source,
})
const crisisPlan: ReleaseClass = {
  section: 'documents',
  settings: ['708168004'],
  labels: ['PSY'],
  types: ['736253002'],
  source: 'RW4',
}
const discharge: ReleaseClass = { section: 'documents', settings: ['708168004'], types: ['373942005'] }
const letter: ReleaseClass = { section: 'documents', types: ['823681000000100'], categories: ['823651000000106'] }
const flag: ReleaseClass = { section: 'alerts', labels: ['SDV'] }
const socialCarePlan: ReleaseClass = { section: 'carePlans', source: '323' }
const contraception: ReleaseClass = { section: 'medications', labels: ['SEX'], source: 'REP' }
const child: Partial<PatientFacts> = { age: 15 }
const broken = (reason: 'EMERGENCY' | 'VITAL_INTERESTS' = 'EMERGENCY'): Partial<PatientFacts> => ({
  grants: [{ id: 'grant-1', barrier: 'CONFIDENTIALITY', reason, untilMs: noon + hourMs }],
})

// Viewers belong to each region itself (own) or to the other (partner); a row says what each region does with the item.
describe("the two regions' item rules, for viewers of their own", () => {
  it.each<readonly [sentence: string, Asked, ReleaseClass, atExchange: ItemOutcome, atLpres: ItemOutcome]>([
    ['clinicians see ordinary items', {}, { section: 'problems' }, 'release', 'release'],
    [
      'a region releases no sealed content and does not disclose that it exists',
      {},
      { section: 'documents', labels: ['SEALED'] },
      'hidden',
      'hidden',
    ],
    [
      'a region releases no fertility content and does not disclose that it exists',
      {},
      { section: 'procedures', exclusionSets: ['FERTILITY'] },
      'hidden',
      'hidden',
    ],
    [
      'a region releases no gender recognition content and does not disclose that it exists',
      {},
      { section: 'problems', exclusionSets: ['GENDER'] },
      'hidden',
      'hidden',
    ],
    [
      'a region releases no letters of a transgender health service and does not disclose that they exist',
      {},
      { ...letter, settings: ['896974005'] },
      'hidden',
      'hidden',
    ],
    [
      'ordinary clinicians do not see termination of pregnancy',
      {},
      { section: 'procedures', exclusionSets: ['TERMINATION'] },
      'hidden',
      'hidden',
    ],
    [
      'ordinary clinicians do not see sexually transmitted infections',
      {},
      { section: 'results', labels: ['STD'] },
      'hidden',
      'hidden',
    ],
    ['ordinary clinicians do not see HIV', {}, { section: 'results', labels: ['HIV'] }, 'hidden', 'hidden'],
    [
      'ordinary clinicians do not see letters of a genitourinary clinic',
      {},
      { ...letter, settings: ['830039004'] },
      'hidden',
      'hidden',
    ],
    [
      "e-Xchange shows termination to its own region's genitourinary clinicians, LPRES to nobody",
      { areaOfWork: 'GENITOURINARY_MEDICINE' },
      { section: 'procedures', exclusionSets: ['TERMINATION'] },
      'release',
      'hidden',
    ],
    [
      'a genitourinary pharmacist does not count as a clinician',
      { areaOfWork: 'GENITOURINARY_MEDICINE', role: 'R1290' },
      { section: 'results', labels: ['STD'] },
      'hidden',
      'hidden',
    ],
    ['both regions show mental health crisis plans', {}, crisisPlan, 'release', 'release'],
    ['both regions show mental health discharge letters', {}, discharge, 'release', 'release'],
    [
      'e-Xchange hides mental health notes, LPRES shows them in its own region',
      {},
      mentalHealthNote('RW4'),
      'hidden',
      'release',
    ],
    [
      'e-Xchange shows mental health notes for mental health care',
      { reason: 'MENTAL_HEALTH_CARE' },
      mentalHealthNote('RW4'),
      'release',
      'release',
    ],
    [
      'both regions show mental health items that are not documents',
      {},
      { section: 'problems', labels: ['PSY'] },
      'release',
      'release',
    ],
    ['clinicians see restricted items', {}, { section: 'problems', labels: ['R'] }, 'release', 'release'],
    [
      'e-Xchange shows restricted items to those with permission',
      { reason: 'CLINIC_PREPARATION', patient: { permissionUntilMs: null } },
      { section: 'problems', labels: ['R'] },
      'withheld',
      'release',
    ],
    [
      'e-Xchange shows restricted items to those who broke the glass',
      { reason: 'CLINIC_PREPARATION', patient: { permissionUntilMs: null, ...broken() } },
      { section: 'problems', labels: ['R'] },
      'release',
      'release',
    ],
    [
      'both regions withhold restricted items from pharmacists, and say so',
      { role: 'R1290' },
      { section: 'allergies', labels: ['R'] },
      'withheld',
      'withheld',
    ],
    [
      'both regions withhold very restricted items, and say so',
      {},
      { section: 'documents', labels: ['V'] },
      'withheld',
      'withheld',
    ],
    [
      'both regions show very restricted items to those who broke the glass',
      { patient: broken() },
      { section: 'documents', labels: ['V'] },
      'release',
      'release',
    ],
    [
      'both regions show very restricted items under a grant whose reason the region accepts',
      { patient: broken('VITAL_INTERESTS') },
      { section: 'documents', labels: ['V'] },
      'release',
      'withheld',
    ],
    [
      'breaking the glass opens nothing sealed',
      { patient: broken() },
      { section: 'documents', labels: ['V', 'SEALED'] },
      'hidden',
      'hidden',
    ],
    ['clinicians see safeguarding flags', {}, flag, 'release', 'release'],
    [
      'nobody sees the detail of safeguarding',
      { reason: 'SAFEGUARDING' },
      { ...letter, labels: ['SDV'] },
      'hidden',
      'hidden',
    ],
    [
      'nobody sees letters of a safeguarding children service',
      { reason: 'SAFEGUARDING' },
      { ...letter, settings: ['1326421000000106'] },
      'hidden',
      'hidden',
    ],
    [
      'LPRES shows social care to all clinicians, e-Xchange not to consultants',
      {},
      socialCarePlan,
      'withheld',
      'release',
    ],
    ['e-Xchange shows social care to GPs', { role: 'R0260' }, socialCarePlan, 'release', 'release'],
    ['e-Xchange shows social care to community nurses', { role: 'R8001' }, socialCarePlan, 'release', 'release'],
    [
      'both regions withhold the items of an organisation that the patient opted out of, and say so',
      { patient: { optOuts: { whole: false, sources: ['RBL'] } } },
      { ...letter, source: 'RBL' },
      'withheld',
      'withheld',
    ],
    [
      'both regions show the items of organisations that the patient did not opt out of',
      { patient: { optOuts: { whole: false, sources: ['RBL'] } } },
      { ...letter, source: 'REM' },
      'release',
      'release',
    ],
    [
      'an opt-out matches an ODS code with space around it or in small letters',
      { patient: { optOuts: { whole: false, sources: ['RXN'] } } },
      { ...letter, source: ' rxn\u00a0' },
      'withheld',
      'withheld',
    ],
    [
      'an item whose source has no ODS code counts as one from an organisation that the patient opted out of',
      { patient: { optOuts: { whole: false, sources: ['RBL'] } } },
      { ...letter, source: 'R X N' },
      'withheld',
      'withheld',
    ],
    [
      'an item whose source has no ODS code is released when there is no opt-out',
      {},
      { ...letter, source: 'R X N' },
      'release',
      'release',
    ],
    ['both regions hide sexual health of a patient under 16', { patient: child }, contraception, 'hidden', 'hidden'],
    [
      'both regions show sexual health of a patient aged 16',
      { patient: { age: 16 } },
      contraception,
      'release',
      'release',
    ],
    [
      'both regions treat a patient of unknown age as under 16',
      { patient: { age: null } },
      contraception,
      'hidden',
      'hidden',
    ],
    ['both regions also hide safeguarding flags of a patient under 16', { patient: child }, flag, 'hidden', 'hidden'],
    [
      'LPRES shows them to a relationship with safeguarding as the reason',
      { reason: 'SAFEGUARDING', patient: child },
      flag,
      'hidden',
      'release',
    ],
    [
      'LPRES shows them to a relationship with mental health care as the reason',
      { reason: 'MENTAL_HEALTH_CARE', patient: child },
      contraception,
      'hidden',
      'release',
    ],
    [
      'LPRES hides them from a relationship that is only claimed',
      { reason: 'SAFEGUARDING', claim: 'CLAIMED', patient: { ...child, relationship: strangers } },
      flag,
      'hidden',
      'hidden',
    ],
    [
      'LPRES shows only the documents of the dead',
      { patient: { deceased: true, deceasedDays: 12 } },
      { section: 'problems' },
      'release',
      'hidden',
    ],
    [
      'both regions show the documents of the dead',
      { patient: { deceased: true, deceasedDays: 12 } },
      letter,
      'release',
      'release',
    ],
    [
      'LPRES shows no clinical content of a flagged patient, and e-Xchange shows nothing',
      { patient: { sensitive: true } },
      { section: 'problems' },
      'hidden',
      'hidden',
    ],
    [
      'LPRES shows the demographics of a flagged patient',
      { patient: { sensitive: true } },
      { section: 'demographics' },
      'hidden',
      'release',
    ],
    [
      'a region discloses nothing when one rule must stay undisclosed and another may be disclosed',
      { patient: { optOuts: { whole: false, sources: ['RBL'] } } },
      { ...letter, labels: ['V', 'STD'], source: 'RBL' },
      'hidden',
      'hidden',
    ],
    [
      'a region that does not release the record discloses nothing about its items',
      { patient: { optOuts: { whole: true, sources: [] } } },
      letter,
      'hidden',
      'hidden',
    ],
  ])('%s', (_sentence, asked, kind, atExchange, atLpres) => {
    expect(outcome(exchange, facts({ ...ofExchange, ...asked }), kind)).toBe(atExchange)
    expect(outcome(lpres, facts({ ...ofLpres, ...asked }), kind)).toBe(atLpres)
  })

  it('e-Xchange shows an item of a patient under 16 to the organisation that wrote it, and LPRES does not', () => {
    const author = facts({ ...ofBoth, organisation: 'REP', patient: child })
    expect([exchange, lpres].map((region) => outcome(region, author, contraception))).toEqual(['release', 'hidden'])
  })
})

describe("the two regions' item rules, for the other region's clinicians", () => {
  it.each<
    readonly [sentence: string, Asked, ReleaseClass, ofLpresAtExchange: ItemOutcome, ofExchangeAtLpres: ItemOutcome]
  >([
    ["both regions show ordinary items to the other region's clinicians", {}, letter, 'release', 'release'],
    [
      'termination and infection do not cross, not even to genitourinary clinicians',
      { areaOfWork: 'GENITOURINARY_MEDICINE' },
      { section: 'results', labels: ['STD'] },
      'hidden',
      'hidden',
    ],
    ['crisis plans cross between the regions', {}, crisisPlan, 'release', 'release'],
    [
      'e-Xchange lets mental health discharge letters cross, and LPRES lets only crisis plans cross',
      {},
      discharge,
      'release',
      'hidden',
    ],
    [
      'e-Xchange lets notes cross for mental health care, and LPRES does not',
      { reason: 'MENTAL_HEALTH_CARE' },
      mentalHealthNote('REM'),
      'release',
      'hidden',
    ],
    [
      "the agreement holds back Mersey Care's mental health notes",
      { reason: 'MENTAL_HEALTH_CARE' },
      mentalHealthNote('RW4'),
      'hidden',
      'hidden',
    ],
    [
      "the agreement holds back Cheshire and Wirral Partnership's mental health notes",
      { reason: 'MENTAL_HEALTH_CARE' },
      mentalHealthNote('RXA'),
      'hidden',
      'hidden',
    ],
    [
      "the agreement lets Mersey Care's discharge letters cross",
      {},
      { ...discharge, types: ['823701000000103'], source: 'RW4' },
      'release',
      'hidden',
    ],
    ["the agreement holds back Mersey Care's other letters", {}, { ...letter, source: 'RXA' }, 'release', 'release'],
    [
      'very restricted content never crosses from LPRES, even under broken glass',
      { patient: broken() },
      { section: 'documents', labels: ['V'] },
      'release',
      'withheld',
    ],
    ['restricted content crosses to clinicians', {}, { section: 'documents', labels: ['R'] }, 'release', 'release'],
    [
      'the agreement keeps social care in LPRES, and e-Xchange shows it to GPs',
      { role: 'R0260' },
      socialCarePlan,
      'release',
      'hidden',
    ],
  ])('%s', (_sentence, asked, kind, ofLpresAtExchange, ofExchangeAtLpres) => {
    expect(outcome(exchange, facts({ ...ofLpres, ...asked }), kind)).toBe(ofLpresAtExchange)
    expect(outcome(lpres, facts({ ...ofExchange, ...asked }), kind)).toBe(ofExchangeAtLpres)
  })
})

const sections: readonly ItemSection[] = [
  'demographics',
  'alerts',
  'allergies',
  'problems',
  'medications',
  'immunisations',
  'procedures',
  'carePlans',
  'contacts',
  'appointments',
  'results',
  'encounters',
  'documents',
]

describe('what each role sees', () => {
  it.each<readonly [sentence: string, Asked, atExchange: readonly ItemSection[], atLpres: readonly ItemSection[]]>([
    ['clinicians see every section', {}, sections, sections],
    [
      'pharmacists see medications and allergies, and at e-Xchange problems and results as well',
      { role: 'R1290' },
      ['allergies', 'problems', 'medications', 'results'],
      ['allergies', 'medications'],
    ],
    [
      'paramedics see summary and care plans at e-Xchange, and everything at LPRES',
      { role: 'R1070' },
      ['demographics', 'alerts', 'allergies', 'problems', 'medications', 'carePlans'],
      sections,
    ],
    [
      'administrative staff see demographics, and at e-Xchange appointments and documents as well',
      { role: 'R8006' },
      ['demographics', 'appointments', 'documents'],
      ['demographics'],
    ],
    [
      'supervised students read everything at LPRES, and nothing at e-Xchange',
      { role: 'R8004', supervised: true },
      [],
      sections,
    ],
    ['social workers see no ordinary items', { role: 'R1330' }, [], []],
  ])('%s', (_sentence, asked, atExchange, atLpres) => {
    const shown = (region: typeof exchange) =>
      sections.filter((section) => outcome(region, facts({ ...ofBoth, ...asked }), { section }) === 'release')
    expect(shown(exchange)).toEqual(atExchange)
    expect(shown(lpres)).toEqual(atLpres)
  })

  it('a region withholds what a role may not see, and says so', () => {
    expect(outcome(exchange, facts({ role: 'R1290' }), letter)).toBe('withheld')
  })

  it('e-Xchange shows administrative staff that a document exists, and not its content', () => {
    const clerk = facts({ role: 'R8010' })
    expect([letter, { ...letter, content: true }].map((kind) => outcome(exchange, clerk, kind))).toEqual([
      'release',
      'withheld',
    ])
  })

  it('e-Xchange shows paramedics documents that are care plans or summaries', () => {
    const paramedic = facts({ ...ofBoth, role: 'R1070' })
    const plans: readonly ReleaseClass[] = [
      { section: 'documents', categories: ['734163000'] },
      { section: 'documents', types: ['1382601000000107'] },
      crisisPlan,
    ]
    expect(exchange.decideItems(paramedic, [...plans, letter]).map((one) => one.outcome)).toEqual([
      'release',
      'release',
      'release',
      'withheld',
    ])
  })

  it('e-Xchange shows social workers safeguarding flags and social care, and LPRES refuses them', () => {
    const social = facts({ ...ofBoth, role: 'R8014' })
    expect([flag, socialCarePlan].map((kind) => outcome(exchange, social, kind))).toEqual(['release', 'release'])
    expect(lpres.decideRelease(social).code).toBe('REFUSED_ROLE')
  })

  it('each region has one notice, which says nothing about a patient', () => {
    for (const { settings } of [exchange, lpres]) expect(settings.notice).toMatch(/the same for every patient/)
  })
})
