import { clinicians } from '../clinicians.ts'
import { encounterTypes, specialties } from '../codes/care.ts'
import { documentTypes } from '../codes/document-types.ts'
import { medicines } from '../codes/medicines.ts'
import { problems } from '../codes/problems.ts'
import { tests } from '../codes/tests.ts'
import { appointment } from '../vocabulary/appointment.ts'
import { words } from '../vocabulary/concept.ts'
import { pdf } from '../vocabulary/content.ts'
import { document } from '../vocabulary/document.ts'
import { encounter } from '../vocabulary/encounter.ts'
import { flag } from '../vocabulary/flag.ts'
import { medication, therapy } from '../vocabulary/medication.ts'
import { daysAgo, inDays } from '../vocabulary/moment.ts'
import {
  heartAndChest,
  lordStreet,
  merseyWestLancs,
  moorSide,
  morecambeBay,
  ribbleBank,
  tawdValley,
} from '../vocabulary/organisation.ts'
import { from, person } from '../vocabulary/person.ts'
import { problem } from '../vocabulary/problem.ts'
import { result } from '../vocabulary/result.ts'

const repeatLisinopril = therapy(medicines.lisinopril10, {
  dosage: 'One tablet each morning',
  started: '2014-09-08',
  issues: [daysAgo(72), daysAgo(44), daysAgo(16)],
})

/** Prescriptions: one therapy is one line, and the same medicine from two regions is not taken twice. */
export const medicineStories = [
  person('9990000123', {
    story:
      'A repeat prescription as a statement with three issues, published to both regions under the same identifiers: one medicine, last issued 16 days ago, with two sources.',
    identity: {
      title: 'Mr',
      given: 'Derek',
      family: 'Sumner',
      gender: 'male',
      born: '1951-03-21',
      address: ['12 Delf Lane', 'Ormskirk', 'L39 6SH'],
      practice: moorSide,
    },
    holds: {
      'cheshire-merseyside': { records: [from(moorSide, repeatLisinopril)] },
      'lancashire-south-cumbria': {
        records: [from(moorSide, repeatLisinopril, problem(problems.hypertension, { onset: '2014-09' }))],
      },
    },
  }),
  person('9990000131', {
    story:
      'No double doses: his practice in Lancashire and the heart hospital in Liverpool each prescribe bisoprolol and clopidogrel; both prescriptions appear, each naming the other as a possible duplicate.',
    identity: {
      title: 'Mr',
      given: 'Ronald',
      family: 'Fairhurst',
      gender: 'male',
      born: '1949-08-06',
      address: ['33 Birch Green Road', 'Skelmersdale', 'WN8 6PU'],
      practice: tawdValley,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            heartAndChest,
            medication(medicines.clopidogrel75, {
              dosage: 'One tablet a day',
              authored: daysAgo(24),
              until: inDays(341),
            }),
            medication(words('Bisoprolol 2.5mg tablets'), {
              dosage: 'One tablet each morning',
              authored: daysAgo(24),
              until: inDays(60),
            }),
            encounter('IMP', {
              type: encounterTypes.inpatient,
              start: daysAgo(27, '09:00'),
              end: daysAgo(24, '15:00'),
              reason: problems.heartDisease,
            }),
            document('Discharge summary: coronary stent', {
              key: 'stent-discharge',
              type: documentTypes.dischargeSummary,
              created: daysAgo(24, '14:30'),
              author: clinicians.iqbal,
              specialty: specialties.cardiology,
              content: pdf(
                'Discharge summary',
                'Stent to the right coronary artery.',
                'GP: please continue clopidogrel and bisoprolol; do not prescribe in addition.',
              ),
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            tawdValley,
            problem(problems.heartDisease, { onset: daysAgo(27), recorded: daysAgo(18) }),
            medication(medicines.clopidogrel75, {
              dosage: 'One tablet a day',
              kind: 'repeat',
              authored: daysAgo(18),
              until: inDays(10),
            }),
            medication(words('Bisoprolol 2.5mg tablets'), {
              dosage: 'One tablet each morning',
              kind: 'repeat',
              authored: daysAgo(18),
              until: inDays(10),
            }),
          ),
        ],
      },
    },
  }),
  person('9990000158', {
    story:
      'Which medicines the default shows: current ones, an antibiotic of last month and a repeat stopped three months ago, but not the acute course of two years ago nor the repeat stopped nine months ago.',
    identity: {
      title: 'Mrs',
      given: 'Jean',
      family: 'Tattersall',
      gender: 'female',
      born: '1944-02-29',
      address: ['6 Marine Drive', 'Southport', 'PR8 1RH'],
      practice: lordStreet,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            lordStreet,
            therapy(medicines.levothyroxine100, {
              dosage: 'One tablet before breakfast',
              kind: 'repeat-dispensing',
              started: '1999-05-01',
              issues: [daysAgo(58), daysAgo(30), daysAgo(2)],
            }),
            therapy(medicines.zopiclone, {
              dosage: 'One tablet at night',
              started: '2015-01-12',
              ended: daysAgo(100),
              issues: [daysAgo(128)],
              status: 'stopped',
            }),
            therapy(medicines.bendroflumethiazide, {
              dosage: 'One tablet each morning',
              started: '2007-07-07',
              ended: daysAgo(275),
              issues: [daysAgo(303)],
              status: 'stopped',
            }),
            medication(medicines.amoxicillin500, {
              dosage: 'One capsule three times a day for seven days',
              authored: daysAgo(31),
              until: daysAgo(24),
              status: 'completed',
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            morecambeBay,
            medication(medicines.doxycycline100, {
              dosage: 'Two capsules at once, then one a day',
              authored: daysAgo(730),
              until: daysAgo(723),
              status: 'completed',
            }),
          ),
        ],
      },
    },
  }),
  person('9990000166', {
    story:
      'Warfarin is prescribed in Lancashire and the INR measured in Merseyside: dose and result stand in one view, and the future appointments of both regions in one list.',
    identity: {
      title: 'Mr',
      given: 'Eric',
      family: 'Baines',
      gender: 'male',
      born: '1946-10-05',
      address: ['19 Lytham Road', 'Preston', 'PR4 1XB'],
      practice: ribbleBank,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            merseyWestLancs,
            result(tests.inr, [2.4, '{INR}'], { taken: daysAgo(31, '09:35'), range: [2, 3] }),
            appointment('Anticoagulant clinic', {
              start: inDays(4, '09:20'),
              end: inDays(4, '09:30'),
              location: 'Pathology, Ormskirk District General Hospital',
              specialty: words('Anticoagulation'),
            }),
            appointment('Anticoagulant clinic', {
              start: inDays(18, '09:20'),
              end: inDays(18, '09:30'),
              location: 'Pathology, Ormskirk District General Hospital',
              specialty: words('Anticoagulation'),
            }),
            encounter('AMB', { type: encounterTypes.followUp, start: inDays(4, '09:20'), status: 'planned' }),
            result(tests.inr, [3.8, '{INR}'], { taken: daysAgo(3, '09:20'), range: [2, 3], interpretation: 'H' }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            ribbleBank,
            problem(problems.atrialFibrillation, { onset: '2013-06', recorded: '2013-06-27' }),
            therapy(medicines.warfarin, {
              dosage: 'As in the yellow book: 3 mg a day at present',
              started: '2013-07-01',
              issues: [daysAgo(54), daysAgo(26)],
            }),
            therapy(medicines.digoxin125, {
              dosage: 'One tablet each morning',
              started: '2013-07-01',
              issues: [daysAgo(54), daysAgo(26)],
            }),
            appointment('Medication review with the pharmacist', {
              start: inDays(4, '15:00'),
              end: inDays(4, '15:20'),
              location: 'Ribble Bank Practice',
            }),
            appointment('Flu vaccination', {
              start: inDays(10, '08:30'),
              end: inDays(10, '08:35'),
              location: 'Ribble Bank Practice',
              status: 'cancelled',
            }),
            flag(words('Takes an anticoagulant'), { category: 'drug', start: '2013-07-01' }),
          ),
        ],
      },
    },
  }),
]
