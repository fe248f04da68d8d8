import { encounterTypes, relationships, vaccines } from '../codes/care.ts'
import { documentTypes } from '../codes/document-types.ts'
import { medicines } from '../codes/medicines.ts'
import { problems } from '../codes/problems.ts'
import { substances } from '../codes/substances.ts'
import { tests } from '../codes/tests.ts'
import { allergy, noKnownAllergy } from '../vocabulary/allergy.ts'
import { plainText } from '../vocabulary/content.ts'
import { document } from '../vocabulary/document.ts'
import { encounter } from '../vocabulary/encounter.ts'
import { immunisation } from '../vocabulary/immunisation.ts'
import { therapy } from '../vocabulary/medication.ts'
import { daysAgo } from '../vocabulary/moment.ts'
import {
  blackpoolHospitals,
  countessOfChester,
  dockside,
  lancashireTeaching,
  liverpoolHospitals,
  lordStreet,
  merseyWestLancs,
  moorSide,
  promenade,
  ribbleBank,
  sandstone,
  tawdValley,
  wirralHospital,
  wirralShore,
} from '../vocabulary/organisation.ts'
import { from, person } from '../vocabulary/person.ts'
import { problem } from '../vocabulary/problem.ts'
import { result } from '../vocabulary/result.ts'

/** Who the patient is: what the regions disagree on, and when nothing may be shown. */
export const identityStories = [
  person('9990000220', {
    story:
      'She married and moved: e-Xchange has her maiden name and Chester address, LPRES her new name, address and practice; the differences are shown.',
    identity: {
      title: 'Mrs',
      given: 'Hannah',
      family: 'Whiteside',
      gender: 'female',
      born: '1992-08-12',
      address: ['15 Blackpool Road', 'Preston', 'PR2 1XN'],
      phone: '01632 960220',
      practice: ribbleBank,
      updatedDaysAgo: 45,
    },
    holds: {
      'cheshire-merseyside': {
        identity: {
          title: 'Miss',
          family: 'Lloyd',
          address: ['2 Hoole Road', 'Chester', 'CH2 3NQ'],
          phone: '01632 960221',
          practice: sandstone,
          updatedDaysAgo: 900,
        },
        records: [
          from(sandstone, problem(problems.asthma, { onset: '2001' })),
          from(countessOfChester, encounter('EMER', { type: encounterTypes.emergency, start: daysAgo(900, '14:00') })),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            ribbleBank,
            therapy(medicines.salbutamol, {
              dosage: 'Two puffs when needed',
              started: daysAgo(44),
              issues: [daysAgo(44)],
            }),
          ),
        ],
      },
    },
  }),
  person('9990000239', {
    story:
      'The regions differ in the recorded gender: both are shown as they are held, and nothing is withheld because of it.',
    identity: {
      title: 'Mx',
      given: 'Robin',
      family: 'Eccles',
      gender: 'other',
      born: '1998-03-30',
      address: ['31 Talbot Road', 'Blackpool', 'FY1 3AY'],
      practice: promenade,
      updatedDaysAgo: 60,
    },
    holds: {
      'cheshire-merseyside': {
        identity: { gender: 'unknown', updatedDaysAgo: 600 },
        records: [
          from(
            liverpoolHospitals,
            encounter('AMB', { type: encounterTypes.consultation, start: daysAgo(130, '13:30') }),
          ),
        ],
      },
      'lancashire-south-cumbria': { records: [from(promenade, problem(problems.epilepsy, { onset: '2012' }))] },
    },
  }),
  person('9990000247', {
    story:
      'The birth dates differ (8 and 18 April 1967): nothing is shown until the viewer gives one, and then only the region that agrees.',
    identity: {
      title: 'Mr',
      given: 'Graham',
      family: 'Yates',
      gender: 'male',
      born: '1967-04-18',
      address: ['10 Cambridge Road', 'Southport', 'PR9 9NG'],
      practice: lordStreet,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            lordStreet,
            problem(problems.type1Diabetes, { onset: '1981' }),
            therapy(medicines.insulinGlargine, {
              dosage: '22 units at night',
              started: '2012-02-02',
              issues: [daysAgo(40), daysAgo(12)],
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        identity: { born: '1967-04-08' },
        records: [
          from(blackpoolHospitals, allergy(substances.shellfish, { recorded: daysAgo(77), category: ['food'] })),
        ],
      },
    },
  }),
  person('9990000255', {
    story:
      'Re-numbered: asked by the earlier number 9990009007, both regions answer with this one and say that it was superseded.',
    identity: {
      title: 'Mrs',
      given: 'Aisha',
      family: 'Rahman',
      gender: 'female',
      born: '1986-12-01',
      address: ['77 Deepdale Road', 'Preston', 'PR1 5AR'],
      practice: ribbleBank,
      supersedes: '9990009007',
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            liverpoolHospitals,
            result(tests.haemoglobin, [108, 'g/L'], {
              taken: daysAgo(21, '10:00'),
              range: [115, 165],
              interpretation: 'L',
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            ribbleBank,
            therapy(medicines.ferrousSulfate, {
              dosage: 'One tablet twice a day',
              kind: 'repeat',
              started: daysAgo(19),
              issues: [daysAgo(19)],
            }),
          ),
        ],
      },
    },
  }),
  person('9990000263', {
    story:
      'LPRES holds his number as not traced and answers as if it had never seen it; e-Xchange has it verified and answers alone.',
    identity: {
      title: 'Mr',
      given: 'Patrick',
      family: 'Gilmore',
      gender: 'male',
      born: '1979-07-07',
      address: ['3 Price Street', 'Birkenhead', 'CH41 3PQ'],
      practice: wirralShore,
    },
    holds: {
      'cheshire-merseyside': {
        records: [from(wirralShore, problem(problems.depression, { onset: '2016' }), noKnownAllergy('2016-03-08'))],
      },
      'lancashire-south-cumbria': {
        identity: { verification: '02' },
        records: [
          from(lancashireTeaching, encounter('EMER', { type: encounterTypes.emergency, start: daysAgo(33, '22:45') })),
        ],
      },
    },
  }),
  person('9990000271', {
    story:
      "Flagged sensitive by LPRES, which shows her demographics only: her address, telephone, practice and every place are left out of e-Xchange's answer too.",
    identity: {
      title: 'Ms',
      given: 'Natalie',
      family: 'Birch',
      gender: 'female',
      born: '1990-10-20',
      address: ['48 Church Road', 'Liverpool', 'L15 6TF'],
      phone: '01632 960271',
      practice: dockside,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(dockside, problem(problems.asthma, { onset: '1997' })),
          from(liverpoolHospitals, encounter('AMB', { type: encounterTypes.followUp, start: daysAgo(52, '11:15') })),
        ],
      },
      'lancashire-south-cumbria': {
        identity: { sensitive: true, practice: tawdValley, address: ['1 Refuge House', 'Skelmersdale', 'WN8 9AB'] },
        records: [from(tawdValley, allergy(substances.egg, { recorded: daysAgo(48), category: ['food'] }))],
      },
    },
  }),
  person('9990000298', {
    story:
      'She died twelve days ago: within the 28 days in which both regions still show a record, LPRES documents only.',
    identity: {
      title: 'Mrs',
      given: 'Edith',
      family: 'Rigby',
      gender: 'female',
      born: '1933-01-31',
      address: ['Oakfield Rest Home, Aughton Street', 'Ormskirk', 'L39 3BW'],
      practice: moorSide,
      died: daysAgo(12),
      updatedDaysAgo: 11,
      nextOfKin: { name: 'John Rigby', relationship: relationships.son, phone: '07700 900298' },
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            merseyWestLancs,
            problem(problems.pneumonia, { onset: daysAgo(15), recorded: daysAgo(15) }),
            encounter('IMP', {
              type: encounterTypes.inpatient,
              start: daysAgo(15, '04:20'),
              end: daysAgo(12, '18:05'),
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            moorSide,
            problem(problems.dementia, { onset: '2019' }),
            immunisation(vaccines.influenza, { given: daysAgo(60) }),
            document('Summary record from Moor Side Surgery', {
              key: 'summary',
              type: documentTypes.summaryRecord,
              created: daysAgo(40, '09:00'),
              content: plainText('Dementia. Wishes to be cared for at Oakfield.'),
            }),
          ),
        ],
      },
    },
  }),
  person('9990000301', {
    story:
      'He died some fourteen months ago: outside the window of both regions, so to both he is like a number never seen.',
    identity: {
      title: 'Mr',
      given: 'Harold',
      family: 'Entwistle',
      gender: 'male',
      born: '1938-06-24',
      address: ['25 Storeton Road', 'Birkenhead', 'CH42 9NE'],
      practice: wirralShore,
      died: daysAgo(425),
      updatedDaysAgo: 420,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            wirralHospital,
            problem(problems.copd, { onset: '2003' }),
            encounter('IMP', {
              type: encounterTypes.inpatient,
              start: daysAgo(431, '03:00'),
              end: daysAgo(425, '07:40'),
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(lancashireTeaching, result(tests.creatinineMass, [1.4, 'mg/dL'], { taken: daysAgo(800, '09:00') })),
        ],
      },
    },
  }),
]
