import type { AccessContext } from '../../schema/assertion.ts'
import type { ConsentCode } from '../../schema/policies/decision.ts'
import type { Barrier, OverrideReason } from '../../schema/policies/facts.ts'
import type { DemoRegion } from './vocabulary/person.ts'

/** Whom the access token is for, as `npm run token` takes it. */
export interface ConsentViewer {
  /** SDS job role code. */
  readonly role: string
  /** ODS code. */
  readonly organisation: string
  /** NHS CIS2 user id: each that breaks the glass its own, so that no other row meets the grant. @default the demo's viewer */
  readonly person?: string
  readonly areaOfWork?: string
}

/**
 * A rule of the two regions' rule sets (schema/policies), and who shows how the regions differ in it, or that they do
 * not.
 */
export interface ConsentRow {
  /** The rule, as the table names it. */
  readonly row: string
  /** NHS number. */
  readonly patient: string
  readonly viewer: ConsentViewer
  readonly access: Partial<AccessContext>
  /** The glass to break in both regions before looking. */
  readonly breaks?: { readonly barrier: Barrier; readonly reason: OverrideReason }
  /** What each region decides. NOT_KNOWN: it has no record that it can show, or looks as if. */
  readonly decides: Readonly<Record<DemoRegion, ConsentCode | 'NOT_KNOWN'>>
  /** What differs, in one sentence. */
  readonly says: string
}

const liverpool: ConsentViewer = { role: 'R0050', organisation: 'REM' }
const preston: ConsentViewer = { role: 'R0050', organisation: 'RXN' }
/** The ambulance trust serves both regions: of its staff both decide by role alone. */
const ambulance = (role: string): ConsentViewer => ({ role, organisation: 'RX7' })

const decides = (exchange: ConsentRow['decides'][DemoRegion], lpres: ConsentRow['decides'][DemoRegion]) => ({
  'cheshire-merseyside': exchange,
  'lancashire-south-cumbria': lpres,
})
const bothShow = decides('PERMITTED', 'PERMITTED')

/** At least one for every row of the table, in its order. */
export const consentRows: readonly ConsentRow[] = [
  {
    row: 'base model',
    patient: '9990000441',
    viewer: liverpool,
    access: {},
    decides: decides('PERMISSION_REQUIRED', 'PERMITTED'),
    says: 'On a referral of yesterday LPRES shows the record, and e-Xchange asks for the permission that nobody has recorded.',
  },
  {
    row: 'relationship',
    patient: '9990000476',
    viewer: liverpool,
    access: {},
    decides: decides('RELATIONSHIP_REQUIRED', 'PERMITTED'),
    says: 'A referral of two hundred days ago is a relationship to LPRES, and to e-Xchange, which counts ninety days, none.',
  },
  {
    row: 'relationship',
    patient: '9990000468',
    viewer: ambulance('R1290'),
    access: { relationship: 'ATTENDING' },
    decides: decides('PERMITTED', 'RELATIONSHIP_REQUIRED'),
    says: 'A relationship that is only claimed is enough for e-Xchange whoever claims it, and for LPRES where a clinician does; a pharmacist is none.',
  },
  {
    row: 'relationship',
    patient: '9990000468',
    viewer: liverpool,
    access: { relationship: 'ATTENDING' },
    decides: bothShow,
    says: "A consultant's word that the patient attends is enough for both regions, and both are alerted.",
  },
  {
    row: 'patient absent (clinic preparation)',
    patient: '9990000441',
    viewer: liverpool,
    access: { reason: 'CLINIC_PREPARATION' },
    decides: bothShow,
    says: 'Before the clinic e-Xchange, too, does without the permission that it asks for otherwise, for a relationship is on record.',
  },
  {
    row: 'opt-out',
    patient: '9990000379',
    viewer: liverpool,
    access: {},
    decides: bothShow,
    says: 'e-Xchange leaves out what one hospital published and shows the rest; LPRES knows of no refusal.',
  },
  {
    row: 'opt-out',
    patient: '9990000360',
    viewer: liverpool,
    access: {},
    decides: decides('PERMITTED', 'REFUSED_OPT_OUT'),
    says: 'LPRES refuses, for she has opted out of all of its region, and e-Xchange shows what it has.',
  },
  {
    row: 'override of opt-out',
    patient: '9990000492',
    viewer: { ...liverpool, person: '555000000012' },
    access: {},
    breaks: { barrier: 'OPT_OUT', reason: 'VITAL_INTERESTS' },
    decides: decides('OVERRIDDEN', 'REFUSED_OPT_OUT'),
    says: 'Vital interests override the refusal in e-Xchange, and not in LPRES, which takes an emergency only.',
  },
  {
    row: 'override of opt-out',
    patient: '9990000492',
    viewer: { ...liverpool, person: '555000000023' },
    access: {},
    breaks: { barrier: 'OPT_OUT', reason: 'EMERGENCY' },
    decides: decides('REFUSED_OPT_OUT', 'OVERRIDDEN'),
    says: 'An emergency overrides the refusal in LPRES for 60 minutes, and is not among the reasons that e-Xchange takes.',
  },
  {
    row: 'override of permission',
    patient: '9990000484',
    viewer: { ...liverpool, person: '555000000034' },
    access: {},
    breaks: { barrier: 'PERMISSION', reason: 'EMERGENCY' },
    decides: decides('OVERRIDDEN', 'PERMITTED'),
    says: 'e-Xchange shows the record without permission because the glass was broken, and LPRES had nothing to override.',
  },
  {
    row: 'opt-out is told',
    patient: '9990000492',
    viewer: ambulance('R1290'),
    access: { relationship: 'REFERRED' },
    decides: decides('NOT_KNOWN', 'REFUSED_OPT_OUT'),
    says: 'To a pharmacist LPRES says that the patient refuses, and e-Xchange, which tells clinicians only, looks as if it had never seen the number.',
  },
  {
    row: 'gender recognition, fertility',
    patient: '9990000506',
    viewer: liverpool,
    access: {},
    decides: bothShow,
    says: 'Neither region shows the gender recognition, nor that anything was left out.',
  },
  {
    row: 'gender recognition, fertility',
    patient: '9990000409',
    viewer: liverpool,
    access: {},
    decides: bothShow,
    says: 'Neither region shows the fertility treatment, nor that anything was left out.',
  },
  {
    row: 'termination, STI and GUM',
    patient: '9990000409',
    viewer: { ...liverpool, areaOfWork: 'Genito-urinary Medicine' },
    access: {},
    decides: bothShow,
    says: 'e-Xchange shows the termination and the infection to a genitourinary consultant of its own region, and LPRES to nobody.',
  },
  {
    row: 'mental health documents',
    patient: '9990000344',
    viewer: liverpool,
    access: {},
    decides: bothShow,
    says: 'e-Xchange shows crisis plan and discharge summary, and LPRES sends the crisis plan only across regions.',
  },
  {
    row: 'mental health documents',
    patient: '9990000344',
    viewer: liverpool,
    access: { reason: 'MENTAL_HEALTH_CARE' },
    decides: bothShow,
    says: "With mental health care as the reason e-Xchange adds the team's notes, and LPRES still sends the crisis plan only.",
  },
  {
    row: 'confidentiality R',
    patient: '9990000336',
    viewer: { role: 'R0050', organisation: 'RBN' },
    access: { reason: 'CLINIC_PREPARATION' },
    decides: bothShow,
    says: 'Without the permission e-Xchange withholds what is restricted, and LPRES shows it to any clinician.',
  },
  {
    row: 'confidentiality V',
    patient: '9990000336',
    viewer: { ...liverpool, person: '555000000045' },
    access: {},
    breaks: { barrier: 'CONFIDENTIALITY', reason: 'EMERGENCY' },
    decides: decides('OVERRIDDEN', 'PERMITTED'),
    says: 'Breaking the glass opens the very restricted report in e-Xchange, and never the one in LPRES for a viewer of the other region.',
  },
  {
    row: 'safeguarding flag',
    patient: '9990000387',
    viewer: liverpool,
    access: {},
    decides: bothShow,
    says: 'Both regions show a clinician that there is a concern, LPRES with whom to call, and neither shows what it is about.',
  },
  {
    row: 'safeguarding flag',
    patient: '9990000387',
    viewer: ambulance('R1330'),
    access: {},
    decides: decides('PERMITTED', 'REFUSED_ROLE'),
    says: 'e-Xchange shows the flag to a social worker, and LPRES shows social workers nothing.',
  },
  {
    row: 'social care items',
    patient: '9990000417',
    viewer: preston,
    access: {},
    decides: bothShow,
    says: "A consultant sees the council's plan in LPRES, and in e-Xchange it is withheld.",
  },
  {
    row: 'social care items',
    patient: '9990000417',
    viewer: { role: 'R0260', organisation: 'P81015' },
    access: {},
    decides: bothShow,
    says: "Her GP sees the council's plan in both regions.",
  },
  {
    row: 'administrative roles R8008, R8010, R8006',
    patient: '9990000018',
    viewer: ambulance('R8010'),
    access: {},
    decides: bothShow,
    says: 'A clerk sees demographics, appointments and a list of documents without content in e-Xchange, and demographics in LPRES.',
  },
  {
    row: 'student R8004',
    patient: '9990000018',
    viewer: ambulance('R8004'),
    access: { supervisor: '555000000056' },
    decides: decides('REFUSED_ROLE', 'PERMITTED'),
    says: 'A supervised student reads the record in LPRES, and e-Xchange shows students nothing.',
  },
  {
    row: 'student R8004',
    patient: '9990000018',
    viewer: { role: 'R8004', organisation: 'RXN' },
    access: { supervisor: '555000000056' },
    decides: decides('REFUSED_AGREEMENT', 'PERMITTED'),
    says: 'A supervised student at Preston reads the record in LPRES, and the agreement with e-Xchange is for clinicians.',
  },
  {
    row: 'pharmacist R1290',
    patient: '9990000018',
    viewer: ambulance('R1290'),
    access: {},
    decides: bothShow,
    says: 'A pharmacist sees medications and allergies in both regions, and in e-Xchange problems and results, too.',
  },
  {
    row: 'pharmacist R1290',
    patient: '9990000018',
    viewer: { role: 'R1290', organisation: 'P81015' },
    access: {},
    decides: decides('REFUSED_AGREEMENT', 'PERMITTED'),
    says: "Her practice's pharmacist sees medications and allergies in LPRES, and the agreement with e-Xchange is for clinicians.",
  },
  {
    row: 'paramedic R1070',
    patient: '9990000352',
    viewer: ambulance('R1070'),
    access: { purpose: 'EMERGENCY', relationship: 'ATTENDING' },
    decides: bothShow,
    says: 'In an emergency a paramedic sees summary and care plans in e-Xchange, without permission, and everything in LPRES.',
  },
  {
    row: 'under 16',
    patient: '9990000395',
    viewer: liverpool,
    access: { reason: 'SAFEGUARDING' },
    decides: bothShow,
    says: 'With safeguarding as the reason LPRES shows the items labelled SEX, and e-Xchange keeps its own for the organisation that wrote them.',
  },
  {
    row: 'date of birth or death partly known',
    patient: '9990000522',
    viewer: liverpool,
    access: {},
    decides: bothShow,
    says: 'Of a patient who may be fifteen or sixteen both regions hide what is labelled PSY.',
  },
  {
    row: 'date of birth or death partly known',
    patient: '9990000530',
    viewer: liverpool,
    access: { relationship: 'REFERRED' },
    decides: decides('NOT_KNOWN', 'NOT_KNOWN'),
    says: 'Of a patient who died on an unknown day of last month both regions look as if they had never seen the number.',
  },
  {
    row: 'dead',
    patient: '9990000298',
    viewer: liverpool,
    access: {},
    decides: bothShow,
    says: 'Twelve days after her death e-Xchange shows the record, and LPRES documents only.',
  },
  {
    row: 'dead',
    patient: '9990000301',
    viewer: liverpool,
    access: { relationship: 'REFERRED' },
    decides: decides('NOT_KNOWN', 'NOT_KNOWN'),
    says: 'Fourteen months after his death neither region shows a record.',
  },
  {
    row: 'flagged sensitive',
    patient: '9990000514',
    viewer: liverpool,
    access: { relationship: 'REFERRED' },
    decides: decides('NOT_KNOWN', 'PERMITTED'),
    says: 'e-Xchange looks as if it had never seen the number, and LPRES shows demographics without any place and nothing else.',
  },
  {
    row: 'caching',
    patient: '9990000018',
    viewer: liverpool,
    access: {},
    decides: bothShow,
    says: 'A list of e-Xchange may be kept for 60 s and a static document for 15 minutes, one of LPRES for 120 s and 60 minutes.',
  },
  {
    row: 'time allowed',
    patient: '9990000018',
    viewer: liverpool,
    access: {},
    decides: bothShow,
    says: 'e-Xchange is waited for 2.5 s, LPRES 2.0 s.',
  },
  {
    row: 'agreement',
    patient: '9990000344',
    viewer: preston,
    access: { reason: 'MENTAL_HEALTH_CARE' },
    decides: bothShow,
    says: "To a consultant of Preston e-Xchange leaves out Mersey Care's and Cheshire and Wirral Partnership's notes whatever the reason, and LPRES shows its own region's.",
  },
  {
    row: 'agreement',
    patient: '9990000417',
    viewer: liverpool,
    access: {},
    decides: bothShow,
    says: "To a consultant of Liverpool LPRES leaves out the council's plan without a word, and e-Xchange says that it withholds something.",
  },
]
