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
      'sealed content never leaves its source, and nothing is said',
      {},
      { section: 'documents', labels: ['SEALED'] },
      'hidden',
      'hidden',
    ],
    [
      'fertility is never shown, and nothing is said',
      {},
      { section: 'procedures', exclusionSets: ['FERTILITY'] },
      'hidden',
      'hidden',
    ],
    [
      'gender recognition is never shown, and nothing is said',
      {},
      { section: 'problems', exclusionSets: ['GENDER'] },
      'hidden',
      'hidden',
    ],
    ['letters of a transgender health service neither', {}, { ...letter, settings: ['896974005'] }, 'hidden', 'hidden'],
    [
      'termination is hidden from ordinary clinicians',
      {},
      { section: 'procedures', exclusionSets: ['TERMINATION'] },
      'hidden',
      'hidden',
    ],
    [
      'sexually transmitted infection is hidden from ordinary clinicians',
      {},
      { section: 'results', labels: ['STD'] },
      'hidden',
      'hidden',
    ],
    ['so is HIV', {}, { section: 'results', labels: ['HIV'] }, 'hidden', 'hidden'],
    ['so are letters of a genitourinary clinic', {}, { ...letter, settings: ['830039004'] }, 'hidden', 'hidden'],
    [
      "e-Xchange shows termination to its own region's genitourinary clinicians, LPRES to nobody",
      { areaOfWork: 'GENITOURINARY_MEDICINE' },
      { section: 'procedures', exclusionSets: ['TERMINATION'] },
      'release',
      'hidden',
    ],
    [
      'a genitourinary pharmacist is no clinician',
      { areaOfWork: 'GENITOURINARY_MEDICINE', role: 'R1290' },
      { section: 'results', labels: ['STD'] },
      'hidden',
      'hidden',
    ],
    ['mental health crisis plans are shown by both', {}, crisisPlan, 'release', 'release'],
    ['mental health discharge is shown by both', {}, discharge, 'release', 'release'],
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
      'mental health items that are no documents are shown by both',
      {},
      { section: 'problems', labels: ['PSY'] },
      'release',
      'release',
    ],
    ['restricted items are for clinicians', {}, { section: 'problems', labels: ['R'] }, 'release', 'release'],
    [
      'at e-Xchange for those with permission',
      { reason: 'CLINIC_PREPARATION', patient: { permissionUntilMs: null } },
      { section: 'problems', labels: ['R'] },
      'withheld',
      'release',
    ],
    [
      'e-Xchange opens them to who broke the glass',
      { reason: 'CLINIC_PREPARATION', patient: { permissionUntilMs: null, ...broken() } },
      { section: 'problems', labels: ['R'] },
      'release',
      'release',
    ],
    [
      'restricted items are withheld from pharmacists, and that is told',
      { role: 'R1290' },
      { section: 'allergies', labels: ['R'] },
      'withheld',
      'withheld',
    ],
    [
      'very restricted items are withheld, and that is told',
      {},
      { section: 'documents', labels: ['V'] },
      'withheld',
      'withheld',
    ],
    [
      'very restricted items are shown to who broke the glass',
      { patient: broken() },
      { section: 'documents', labels: ['V'] },
      'release',
      'release',
    ],
    [
      'for a reason that the region takes',
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
    ['safeguarding flags are shown to clinicians', {}, flag, 'release', 'release'],
    [
      'the detail of safeguarding is shown to nobody',
      { reason: 'SAFEGUARDING' },
      { ...letter, labels: ['SDV'] },
      'hidden',
      'hidden',
    ],
    [
      'letters of a safeguarding children service neither',
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
      'an organisation that the patient opted out of is withheld, and that is told',
      { patient: { optOuts: { whole: false, sources: ['RBL'] } } },
      { ...letter, source: 'RBL' },
      'withheld',
      'withheld',
    ],
    [
      'other organisations are not',
      { patient: { optOuts: { whole: false, sources: ['RBL'] } } },
      { ...letter, source: 'REM' },
      'release',
      'release',
    ],
    [
      'an ODS code is the same with space around it and in small letters',
      { patient: { optOuts: { whole: false, sources: ['RXN'] } } },
      { ...letter, source: ' rxn\u00a0' },
      'withheld',
      'withheld',
    ],
    [
      'a source that no ODS code tells is read as one that the patient opted out of',
      { patient: { optOuts: { whole: false, sources: ['RBL'] } } },
      { ...letter, source: 'R X N' },
      'withheld',
      'withheld',
    ],
    ['and is released where there is no opt-out', {}, { ...letter, source: 'R X N' }, 'release', 'release'],
    ['under 16, sexual health is hidden', { patient: child }, contraception, 'hidden', 'hidden'],
    ['at 16 it is not', { patient: { age: 16 } }, contraception, 'release', 'release'],
    ['an unknown age is read as under 16', { patient: { age: null } }, contraception, 'hidden', 'hidden'],
    ['under 16, a safeguarding flag is hidden as well', { patient: child }, flag, 'hidden', 'hidden'],
    [
      'LPRES shows it to a relationship and a reason of safeguarding',
      { reason: 'SAFEGUARDING', patient: child },
      flag,
      'hidden',
      'release',
    ],
    [
      'and to a reason of mental health care',
      { reason: 'MENTAL_HEALTH_CARE', patient: child },
      contraception,
      'hidden',
      'release',
    ],
    [
      'but not where the relationship is only claimed',
      { reason: 'SAFEGUARDING', claim: 'CLAIMED', patient: { ...child, relationship: strangers } },
      flag,
      'hidden',
      'hidden',
    ],
    [
      'of the dead, LPRES shows documents only',
      { patient: { deceased: true, deceasedDays: 12 } },
      { section: 'problems' },
      'release',
      'hidden',
    ],
    [
      'of the dead, both show documents',
      { patient: { deceased: true, deceasedDays: 12 } },
      letter,
      'release',
      'release',
    ],
    [
      'of a flagged patient, LPRES shows no clinical content and e-Xchange nothing',
      { patient: { sensitive: true } },
      { section: 'problems' },
      'hidden',
      'hidden',
    ],
    [
      'of a flagged patient, LPRES shows demographics',
      { patient: { sensitive: true } },
      { section: 'demographics' },
      'hidden',
      'release',
    ],
    [
      'where a rule is silent and another tells, nothing is told',
      { patient: { optOuts: { whole: false, sources: ['RBL'] } } },
      { ...letter, labels: ['V', 'STD'], source: 'RBL' },
      'hidden',
      'hidden',
    ],
    [
      'where no record is released, nothing of it is told',
      { patient: { optOuts: { whole: true, sources: [] } } },
      letter,
      'hidden',
      'hidden',
    ],
  ])('%s', (_sentence, asked, kind, atExchange, atLpres) => {
    expect(outcome(exchange, facts({ ...ofExchange, ...asked }), kind)).toBe(atExchange)
    expect(outcome(lpres, facts({ ...ofLpres, ...asked }), kind)).toBe(atLpres)
  })

  it('under 16, e-Xchange shows an item to the organisation that wrote it, LPRES does not', () => {
    const author = facts({ ...ofBoth, organisation: 'REP', patient: child })
    expect([exchange, lpres].map((region) => outcome(region, author, contraception))).toEqual(['release', 'hidden'])
  })
})

describe("the two regions' item rules, for the other region's clinicians", () => {
  it.each<
    readonly [sentence: string, Asked, ReleaseClass, ofLpresAtExchange: ItemOutcome, ofExchangeAtLpres: ItemOutcome]
  >([
    ['both show ordinary items', {}, letter, 'release', 'release'],
    [
      'termination and infection do not cross, not even to genitourinary clinicians',
      { areaOfWork: 'GENITOURINARY_MEDICINE' },
      { section: 'results', labels: ['STD'] },
      'hidden',
      'hidden',
    ],
    ['crisis plans cross', {}, crisisPlan, 'release', 'release'],
    ['e-Xchange lets mental health discharge cross, LPRES crisis plans only', {}, discharge, 'release', 'hidden'],
    [
      'e-Xchange lets notes cross for mental health care, LPRES does not',
      { reason: 'MENTAL_HEALTH_CARE' },
      mentalHealthNote('REM'),
      'release',
      'hidden',
    ],
    [
      "the agreement keeps Mersey Care's mental health notes",
      { reason: 'MENTAL_HEALTH_CARE' },
      mentalHealthNote('RW4'),
      'hidden',
      'hidden',
    ],
    [
      "and Cheshire and Wirral Partnership's",
      { reason: 'MENTAL_HEALTH_CARE' },
      mentalHealthNote('RXA'),
      'hidden',
      'hidden',
    ],
    [
      "but not Mersey Care's discharge letters",
      {},
      { ...discharge, types: ['823701000000103'], source: 'RW4' },
      'release',
      'hidden',
    ],
    ['but not their other letters', {}, { ...letter, source: 'RXA' }, 'release', 'release'],
    [
      'very restricted content never crosses from LPRES, broken glass or not',
      { patient: broken() },
      { section: 'documents', labels: ['V'] },
      'release',
      'withheld',
    ],
    ['restricted content crosses to clinicians', {}, { section: 'documents', labels: ['R'] }, 'release', 'release'],
    [
      'the agreement keeps social care in LPRES, e-Xchange shows it to GPs',
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
      'pharmacists see medications and allergies, at e-Xchange problems and results too',
      { role: 'R1290' },
      ['allergies', 'problems', 'medications', 'results'],
      ['allergies', 'medications'],
    ],
    [
      'paramedics see summary and care plans at e-Xchange, everything at LPRES',
      { role: 'R1070' },
      ['demographics', 'alerts', 'allergies', 'problems', 'medications', 'carePlans'],
      sections,
    ],
    [
      'administrative staff see demographics, at e-Xchange appointments and documents too',
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

  it('what a role does not see is withheld, and that is told', () => {
    expect(outcome(exchange, facts({ role: 'R1290' }), letter)).toBe('withheld')
  })

  it('e-Xchange shows administrative staff that a document is there, not what is in it', () => {
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

  it('e-Xchange shows social workers safeguarding flags and social care, LPRES refuses them', () => {
    const social = facts({ ...ofBoth, role: 'R8014' })
    expect([flag, socialCarePlan].map((kind) => outcome(exchange, social, kind))).toEqual(['release', 'release'])
    expect(lpres.decideRelease(social).code).toBe('REFUSED_ROLE')
  })

  it('each region has one notice, which says nothing of a patient', () => {
    for (const { settings } of [exchange, lpres]) expect(settings.notice).toMatch(/the same for every patient/)
  })
})
