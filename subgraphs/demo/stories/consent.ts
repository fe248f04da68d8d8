import { clinicians } from '../clinicians.ts'
import { encounterTypes, plans, procedures, relationships, specialties, vaccines } from '../codes/care.ts'
import { documentCategories, documentTypes } from '../codes/document-types.ts'
import { medicines } from '../codes/medicines.ts'
import { problems } from '../codes/problems.ts'
import { manifestations, substances } from '../codes/substances.ts'
import { tests } from '../codes/tests.ts'
import { allergy } from '../vocabulary/allergy.ts'
import { carePlan } from '../vocabulary/care-plan.ts'
import { words } from '../vocabulary/concept.ts'
import { html, plainText } from '../vocabulary/content.ts'
import { document } from '../vocabulary/document.ts'
import { encounter } from '../vocabulary/encounter.ts'
import { flag } from '../vocabulary/flag.ts'
import { immunisation } from '../vocabulary/immunisation.ts'
import { medication, therapy } from '../vocabulary/medication.ts'
import { daysAgo } from '../vocabulary/moment.ts'
import { optOut } from '../vocabulary/opt-out.ts'
import {
  alderHey,
  ambulance,
  blackpoolHospitals,
  lancashireCare,
  lancashireCouncil,
  lancashireTeaching,
  liverpoolHospitals,
  liverpoolWomens,
  merseyWestLancs,
  moorSide,
  ribbleBank,
  tawdValley,
  wirralHospital,
  wirralShore,
} from '../vocabulary/organisation.ts'
import { from, person } from '../vocabulary/person.ts'
import { problem } from '../vocabulary/problem.ts'
import { procedure } from '../vocabulary/procedure.ts'
import { result } from '../vocabulary/result.ts'
import { sensitive } from '../vocabulary/variation.ts'

/** What Winifred Thornber's council shares with both regions. */
const councilCare = from(
  lancashireCouncil,
  carePlan('Support at home', {
    category: plans.socialCare,
    start: daysAgo(140),
    activities: ['Carer four times a day', 'Key safe at the front door', 'Lunch club on Wednesdays'],
  }),
  flag(words('Carer strain: son is the only carer'), { category: 'admin', start: daysAgo(140) }),
  document('Needs assessment', {
    key: 'assessment',
    type: documentTypes.supportPlan,
    category: documentCategories.carePlan,
    created: daysAgo(141, '10:00'),
    author: clinicians.pilling,
    content: html(
      'Needs assessment',
      'Needs help with washing, dressing and medicines.',
      'Wants to stay in her bungalow.',
    ),
  }),
)

/** What patients refuse to share, and what the rules hold back. */
export const consentStories = [
  person('9990000360', {
    story:
      'She has opted out of sharing with all of Lancashire & South Cumbria: LPRES refuses, e-Xchange answers, and the view says which.',
    identity: {
      title: 'Mrs',
      given: 'Judith',
      family: 'Haworth',
      gender: 'female',
      born: '1965-03-08',
      address: ['29 Fylde Road', 'Southport', 'PR9 9XL'],
      practice: moorSide,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            merseyWestLancs,
            problem(problems.gout, { onset: '2022-05' }),
            therapy(medicines.allopurinol300, {
              dosage: 'One tablet a day',
              started: '2022-06-01',
              issues: [daysAgo(38), daysAgo(10)],
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            moorSide,
            optOut(daysAgo(365), 'everything'),
            allergy(substances.penicillin, { recorded: '1999-02-02' }),
          ),
        ],
      },
    },
  }),
  person('9990000379', {
    story:
      'He does not want what Wirral University Teaching Hospital holds to be shared: e-Xchange leaves out its items and says that something is withheld, the rest is there.',
    identity: {
      title: 'Mr',
      given: 'Simon',
      family: 'Kearney',
      gender: 'male',
      born: '1972-12-12',
      address: ['8 Balls Road', 'Birkenhead', 'CH43 5RE'],
      practice: wirralShore,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            wirralShore,
            problem(problems.hypertension, { onset: '2015' }),
            therapy(medicines.ramipril10, {
              dosage: 'One capsule each morning',
              started: '2015-10-10',
              issues: [daysAgo(50), daysAgo(22)],
            }),
            optOut(daysAgo(200), wirralHospital),
          ),
          from(
            wirralHospital,
            encounter('AMB', { type: encounterTypes.consultation, start: daysAgo(110, '10:00') }),
            document('Clinic letter', {
              key: 'letter',
              type: documentTypes.outpatientLetter,
              created: daysAgo(109, '10:00'),
              content: plainText('Not to be shared.'),
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(lancashireTeaching, encounter('EMER', { type: encounterTypes.emergency, start: daysAgo(82, '18:30') })),
        ],
      },
    },
  }),
  person('9990000387', {
    referredTo: [liverpoolHospitals, ambulance],
    permits: [liverpoolHospitals, ambulance],
    story:
      'A safeguarding flag in both regions: LPRES tells that it exists and whom to call, e-Xchange tells clinicians and social workers, and the detail is for neither.',
    identity: {
      title: 'Ms',
      given: 'Kelly',
      family: 'Unsworth',
      gender: 'female',
      born: '1995-07-14',
      address: ['3 Digmoor Road', 'Skelmersdale', 'WN8 9LX'],
      practice: tawdValley,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            liverpoolHospitals,
            sensitive(flag(words('Safeguarding adult concern'), { category: 'safety', start: daysAgo(27) }), 'SDV'),
            sensitive(
              document('Safeguarding enquiry: detail', {
                key: 'enquiry',
                type: documentTypes.consultationReport,
                created: daysAgo(27, '23:20'),
                confidentiality: 'R',
                author: clinicians.pilling,
                content: plainText('Injuries not in keeping with the account given.'),
              }),
              'SDV',
            ),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            tawdValley,
            sensitive(
              flag(words('Safeguarding adult concern: call the duty social worker, 01632 960387'), {
                category: 'safety',
                start: daysAgo(25),
              }),
              'SDV',
            ),
            sensitive(
              document('Safeguarding referral: detail', {
                key: 'referral',
                type: documentTypes.clinicalLetter,
                created: daysAgo(25, '12:10'),
                confidentiality: 'R',
                content: plainText('What she told the practice nurse, in her words.'),
              }),
              'SDV',
            ),
            problem(problems.depression, { onset: '2020' }),
          ),
        ],
      },
    },
  }),
  person('9990000395', {
    story:
      'A girl of fourteen: her contraception and sexual health items are hidden by both regions, each by its own rule, her asthma and vaccinations are not.',
    identity: {
      title: 'Miss',
      given: 'Ellie',
      family: 'Marsden',
      gender: 'female',
      born: { yearsBefore: 15, monthDay: '12-31' },
      address: ['95 Ormskirk Road', 'Skelmersdale', 'WN8 8TR'],
      practice: tawdValley,
      nextOfKin: { name: 'Joanne Marsden', relationship: relationships.mother, phone: '07700 900395' },
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            alderHey,
            problem(problems.asthma, { onset: daysAgo(3000), recorded: daysAgo(2990) }),
            sensitive(
              document('Child protection medical', {
                key: 'medical',
                type: documentTypes.consultationReport,
                created: daysAgo(44, '16:00'),
                confidentiality: 'R',
                specialty: specialties.safeguardingChildren,
                content: plainText('Restricted to those with a safeguarding reason.'),
              }),
              'SDV',
            ),
          ),
          from(
            liverpoolWomens,
            sensitive(
              encounter('AMB', { type: words("Young people's sexual health clinic"), start: daysAgo(55, '16:30') }),
              'SEX',
            ),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            tawdValley,
            therapy(medicines.salbutamol, {
              dosage: 'Two puffs when needed',
              started: daysAgo(2990),
              issues: [daysAgo(65), daysAgo(18)],
            }),
            immunisation(vaccines.mmrSecond, { given: daysAgo(4300), dose: 2 }),
            allergy(substances.peanut, {
              recorded: daysAgo(4200),
              category: ['food'],
              criticality: 'high',
              reaction: { manifestation: manifestations.urticaria, severity: 'moderate' },
            }),
            sensitive(
              medication(words('Ethinylestradiol 30microgram / Levonorgestrel 150microgram tablets'), {
                dosage: 'One tablet a day for 21 days',
                authored: daysAgo(54),
              }),
              'SEX',
            ),
            sensitive(encounter('AMB', { type: words('Contraception advice'), start: daysAgo(54, '15:45') }), 'SEX'),
          ),
        ],
      },
    },
  }),
  person('9990000409', {
    story:
      'Fertility treatment, a termination and a sexual infection in both regions: kept back without a trace, but that e-Xchange shows the last two to genitourinary clinicians of its own.',
    identity: {
      title: 'Mrs',
      given: 'Zoe',
      family: 'Carrington',
      gender: 'female',
      born: '1987-11-11',
      address: ['5 Fulwood Hall Lane', 'Preston', 'PR2 8DD'],
      practice: ribbleBank,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            liverpoolHospitals,
            document('Sexual health clinic letter', {
              key: 'gum-letter',
              type: documentTypes.outpatientLetter,
              created: daysAgo(688, '15:00'),
              specialty: specialties.genitourinary,
              content: plainText('Treated with doxycycline. Partner told.'),
            }),
          ),
          from(
            liverpoolWomens,
            procedure(procedures.fertilisation, { performed: daysAgo(500) }),
            procedure(procedures.termination, { performed: '2009-06-16' }),
            problem(problems.chlamydia, { onset: daysAgo(690), status: 'resolved', abatement: daysAgo(670) }),
            procedure(procedures.caesarean, { performed: daysAgo(210, '10:10') }),
            encounter('IMP', {
              type: encounterTypes.inpatient,
              start: daysAgo(211, '20:00'),
              end: daysAgo(207, '11:00'),
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            ribbleBank,
            problem(problems.hypothyroidism, { onset: '2014' }),
            problem(problems.ivfPregnancy, { onset: daysAgo(480), recorded: daysAgo(475), status: 'resolved' }),
            procedure(procedures.termination, { performed: '2009-06-16' }),
            therapy(medicines.folicAcid5, {
              dosage: 'One tablet a day',
              started: daysAgo(480),
              ended: daysAgo(400),
              issues: [daysAgo(480), daysAgo(440)],
              status: 'stopped',
            }),
          ),
          from(
            blackpoolHospitals,
            sensitive(
              result(tests.sexualHealthScreen, 'Chlamydia trachomatis: detected', { taken: daysAgo(700, '12:00') }),
              'STD',
            ),
          ),
        ],
      },
    },
  }),
  person('9990000417', {
    referredTo: [liverpoolHospitals, lancashireTeaching],
    permits: [liverpoolHospitals, lancashireTeaching, moorSide],
    story:
      'Her care at home is planned by Lancashire County Council: e-Xchange shows its plan to social workers, GPs and community nurses, LPRES to all clinicians of its own region.',
    identity: {
      title: 'Mrs',
      given: 'Winifred',
      family: 'Thornber',
      gender: 'female',
      born: '1939-05-22',
      address: ['2 Orchard Close', 'Ormskirk', 'L39 2XY'],
      practice: moorSide,
      nextOfKin: { name: 'Peter Thornber', relationship: relationships.son, phone: '07700 900417' },
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            merseyWestLancs,
            encounter('EMER', {
              type: encounterTypes.emergency,
              start: daysAgo(23, '07:15'),
              end: daysAgo(23, '13:00'),
              reason: words('Fall at home'),
            }),
          ),
          councilCare,
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            moorSide,
            problem(problems.dementia, { onset: '2022-01' }),
            therapy(medicines.furosemide40, {
              dosage: 'One tablet each morning',
              started: '2020-04-04',
              issues: [daysAgo(47), daysAgo(19)],
            }),
          ),
          councilCare,
          from(
            lancashireCare,
            carePlan('Memory service plan', {
              category: plans.personalised,
              start: daysAgo(95),
              activities: ['Review every six months'],
            }),
          ),
        ],
      },
    },
  }),
]
