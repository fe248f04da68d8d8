import { relationships, specialties } from '../codes/care.ts'
import { documentTypes } from '../codes/document-types.ts'
import { medicines } from '../codes/medicines.ts'
import { problems } from '../codes/problems.ts'
import { manifestations, substances } from '../codes/substances.ts'
import { tests } from '../codes/tests.ts'
import { allergy } from '../vocabulary/allergy.ts'
import { words } from '../vocabulary/concept.ts'
import { plainText } from '../vocabulary/content.ts'
import { document } from '../vocabulary/document.ts'
import { encounter } from '../vocabulary/encounter.ts'
import { medication, therapy } from '../vocabulary/medication.ts'
import { daysAgo, onlyThe } from '../vocabulary/moment.ts'
import { optOut } from '../vocabulary/opt-out.ts'
import {
  ambulance,
  blackpoolHospitals,
  dockside,
  heartAndChest,
  lancashireTeaching,
  liverpoolHospitals,
  lordStreet,
  merseyWestLancs,
  moorSide,
  morecambeBay,
  promenade,
  ribbleBank,
  sankey,
  tawdValley,
  warringtonHalton,
  wirralHospital,
  wirralShore,
} from '../vocabulary/organisation.ts'
import { from, person } from '../vocabulary/person.ts'
import { problem } from '../vocabulary/problem.ts'
import { referral } from '../vocabulary/referral.ts'
import { result } from '../vocabulary/result.ts'
import { sensitive } from '../vocabulary/variation.ts'

/** Whether a viewer may look at all: relationship, permission, broken glass, and who must look unknown. */
export const accessStories = [
  person('9990000441', {
    permits: [],
    story:
      'Referred to Liverpool, not yet asked: e-Xchange wants her permission first; record it and look again. LPRES answers at once, for the relationship is enough.',
    identity: {
      title: 'Mrs',
      given: 'Carol',
      family: 'Dugdale',
      gender: 'female',
      born: '1960-06-30',
      address: ['22 Town Lane', 'Southport', 'PR8 6NH'],
      practice: lordStreet,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            lordStreet,
            problem(problems.rheumatoidArthritis, { onset: '2016', recorded: '2016-09-12' }),
            therapy(medicines.methotrexate, {
              dosage: 'Six tablets once a week, on Mondays',
              started: '2017-01-09',
              issues: [daysAgo(49), daysAgo(21)],
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            lancashireTeaching,
            result(tests.crp, [14, 'mg/L'], { taken: daysAgo(33, '08:50'), range: [0, 5], interpretation: 'H' }),
          ),
        ],
      },
    },
  }),
  person('9990000468', {
    referredTo: [],
    permits: [liverpoolHospitals, ambulance],
    story:
      'Nothing on record between him and Liverpool: both regions want a relationship first. Say that he attends: both answer, and both are alerted of the claim.',
    identity: {
      title: 'Mr',
      given: 'Leon',
      family: 'Whittle',
      gender: 'male',
      born: '1976-02-20',
      address: ['5 Knowsley Street', 'Preston', 'PR1 3SA'],
      practice: ribbleBank,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(heartAndChest, encounter('AMB', { type: words('Pacemaker check'), start: daysAgo(140, '10:00') })),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            ribbleBank,
            problem(problems.atrialFibrillation, { onset: '2019-04' }),
            allergy(substances.trimethoprim, { recorded: '2008-08-01' }),
          ),
        ],
      },
    },
  }),
  person('9990000476', {
    referredTo: [],
    story:
      'Last referred to Liverpool two hundred days ago: too long for e-Xchange, which counts ninety days, and enough for LPRES, which counts none.',
    identity: {
      title: 'Ms',
      given: 'Farah',
      family: 'Siddiqui',
      gender: 'female',
      born: '1983-11-03',
      address: ['60 Blackburn Road', 'Preston', 'PR5 0AL'],
      practice: ribbleBank,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(ribbleBank, referral(liverpoolHospitals, daysAgo(200)), problem(problems.migraine, { onset: '2010' })),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            ribbleBank,
            referral(liverpoolHospitals, daysAgo(200)),
            problem(problems.migraine, { onset: '2010' }),
            medication(medicines.paracetamol500, {
              dosage: 'Two tablets at the first sign of a migraine',
              authored: daysAgo(44),
            }),
          ),
        ],
      },
    },
  }),
  person('9990000484', {
    permits: [],
    story:
      "Brought in unconscious, so nobody can ask him: break the glass against e-Xchange's permission, for the emergency, and see what he must not be given.",
    identity: {
      title: 'Mr',
      given: 'Gareth',
      family: 'Pugh',
      gender: 'male',
      born: '1969-09-09',
      address: ['17 Seaview Road', 'Birkenhead', 'CH45 4LB'],
      practice: wirralShore,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            wirralShore,
            allergy(substances.penicillin, {
              recorded: '1991-05-05',
              criticality: 'high',
              reaction: { manifestation: manifestations.anaphylaxis, severity: 'severe' },
            }),
            problem(problems.type1Diabetes, { onset: '1984' }),
          ),
          from(
            liverpoolHospitals,
            encounter('EMER', { type: words('Found collapsed'), start: daysAgo(1, '23:40'), status: 'in-progress' }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            blackpoolHospitals,
            result(tests.hba1c, [71, 'mmol/mol'], { taken: daysAgo(120, '10:15'), interpretation: 'H' }),
          ),
        ],
      },
    },
  }),
  person('9990000492', {
    referredTo: [liverpoolHospitals, ambulance],
    permits: [liverpoolHospitals, ambulance],
    story:
      'Opted out of sharing with both regions, all of it: each tells a clinician that it refuses, and takes other reasons for breaking the glass.',
    identity: {
      title: 'Mr',
      given: 'Malcolm',
      family: 'Heyes',
      gender: 'male',
      born: '1955-01-27',
      address: ['2 Hall Road', 'Ormskirk', 'L39 1RP'],
      practice: moorSide,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(moorSide, optOut(daysAgo(150), 'everything')),
          from(
            merseyWestLancs,
            problem(problems.copd, { onset: '2014' }),
            result(tests.creatinine, [96, 'umol/L'], { taken: daysAgo(61, '09:00') }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(moorSide, optOut(daysAgo(150), 'everything'), allergy(substances.aspirin, { recorded: '2003-03-30' })),
        ],
      },
    },
  }),
  person('9990000506', {
    story:
      'A gender recognition is on record in both regions, and by law shown by neither: nothing in the answer tells that anything was left out.',
    identity: {
      title: 'Ms',
      given: 'Imogen',
      family: 'Carr',
      gender: 'female',
      born: '1993-04-04',
      address: ['8 Rodney Street', 'Liverpool', 'L1 2TE'],
      practice: dockside,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            dockside,
            problem(problems.genderDysphoria, { onset: '2014', status: 'resolved' }),
            problem(problems.asthma, { onset: '1999' }),
          ),
          from(
            liverpoolHospitals,
            document('Gender clinic letter', {
              key: 'gender-clinic',
              type: documentTypes.outpatientLetter,
              created: daysAgo(900, '14:00'),
              specialty: specialties.transgenderHealth,
              content: plainText('Not to be shared, by law.'),
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            morecambeBay,
            problem(problems.genderDysphoria, { onset: '2014', status: 'resolved' }),
            encounter('EMER', { type: words('Sprained ankle'), start: daysAgo(75, '16:20') }),
          ),
        ],
      },
    },
  }),
  person('9990000514', {
    story:
      'Flagged sensitive by both regions: e-Xchange answers as if it had never seen the number, LPRES shows demographics without any place and nothing else.',
    identity: {
      title: 'Mrs',
      given: 'Nicola',
      family: 'Ferris',
      gender: 'female',
      born: '1980-08-18',
      address: ['A safe house', 'Blackpool', 'FY1 1AA'],
      phone: '01632 960514',
      practice: promenade,
      sensitive: true,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(wirralHospital, encounter('EMER', { type: words('Injury to the arm'), start: daysAgo(66, '02:15') })),
        ],
      },
      'lancashire-south-cumbria': {
        records: [from(promenade, problem(problems.anxiety, { onset: daysAgo(60), recorded: daysAgo(60) }))],
      },
    },
  }),
  person('9990000522', {
    story:
      'Only the year of birth is known: he may be sixteen and may be fifteen, so both regions treat him as under sixteen and hide what is labelled.',
    identity: {
      title: 'Mr',
      given: 'Samir',
      family: 'Haddad',
      gender: 'male',
      // The year of the day after the birthday of those who turned sixteen today: on the last day of a year it is the
      // next.
      born: onlyThe('year', daysAgo(16 * 365 + 3)),
      address: ['30 New Hall Lane', 'Preston', 'PR1 4DX'],
      practice: ribbleBank,
      nextOfKin: { name: 'Rania Haddad', relationship: relationships.mother, phone: '07700 900522' },
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            warringtonHalton,
            sensitive(problem(problems.depression, { onset: daysAgo(130), recorded: daysAgo(130) }), 'PSY'),
            problem(problems.asthma, {}),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            ribbleBank,
            sensitive(encounter('AMB', { type: words('Counselling'), start: daysAgo(57, '15:30') }), 'PSY'),
            therapy(medicines.salbutamol, {
              dosage: 'Two puffs when needed',
              started: daysAgo(400),
              issues: [daysAgo(29)],
            }),
          ),
        ],
      },
    },
  }),
  person('9990000530', {
    story:
      'He died last month, on a day that nobody recorded: counted from the first of the month more than 28 days have passed, so neither region shows a record.',
    identity: {
      title: 'Mr',
      given: 'Wilfred',
      family: 'Astley',
      gender: 'male',
      born: '1936-10-12',
      address: ['4 Orford Lane', 'Warrington', 'WA2 7AE'],
      practice: sankey,
      // The month that the 29th day ago lies in: its first day is at least as long ago.
      died: onlyThe('month', daysAgo(29)),
      updatedDaysAgo: 1,
    },
    holds: {
      'cheshire-merseyside': { records: [from(warringtonHalton, problem(problems.heartDisease, { onset: '2005' }))] },
      'lancashire-south-cumbria': {
        records: [
          from(
            tawdValley,
            medication(medicines.furosemide40, { dosage: 'One tablet each morning', authored: daysAgo(70) }),
          ),
        ],
      },
    },
  }),
]
