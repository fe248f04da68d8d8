import { clinicians } from '../clinicians.ts'
import { encounterTypes, plans, procedures, relationships, specialties, vaccines } from '../codes/care.ts'
import { documentCategories, documentTypes } from '../codes/document-types.ts'
import { medicines } from '../codes/medicines.ts'
import { problems } from '../codes/problems.ts'
import { manifestations, substances } from '../codes/substances.ts'
import { tests } from '../codes/tests.ts'
import { allergy } from '../vocabulary/allergy.ts'
import { appointment } from '../vocabulary/appointment.ts'
import { carePlan } from '../vocabulary/care-plan.ts'
import { words } from '../vocabulary/concept.ts'
import { html, pdf, plainText } from '../vocabulary/content.ts'
import { document } from '../vocabulary/document.ts'
import { encounter } from '../vocabulary/encounter.ts'
import { flag } from '../vocabulary/flag.ts'
import { immunisation } from '../vocabulary/immunisation.ts'
import { medication, therapy } from '../vocabulary/medication.ts'
import { daysAgo, inDays } from '../vocabulary/moment.ts'
import {
  ambulance,
  blackpoolHospitals,
  dockside,
  lancashireTeaching,
  liverpoolHospitals,
  merseyWestLancs,
  moorSide,
  ribbleBank,
  tawdValley,
  waltonCentre,
} from '../vocabulary/organisation.ts'
import { from, nobody, person } from '../vocabulary/person.ts'
import { problem } from '../vocabulary/problem.ts'
import { procedure } from '../vocabulary/procedure.ts'
import { relatedPerson } from '../vocabulary/related-person.ts'
import { bloodPressure, report, result } from '../vocabulary/result.ts'

/** What Margaret Ashworth's practice shares with both regions, under the same identifiers. */
const ashworthPractice = [
  allergy(substances.penicillin, {
    recorded: '1983-06-14',
    criticality: 'high',
    reaction: { manifestation: manifestations.anaphylaxis, severity: 'severe' },
  }),
  problem(problems.type2Diabetes, { onset: '2009-03', recorded: '2009-03-18' }),
  problem(problems.hypertension, { onset: '2004', recorded: '2004-11-02' }),
  therapy(medicines.metformin500, {
    dosage: 'One tablet twice a day with food',
    started: '2009-03-25',
    issues: [daysAgo(76), daysAgo(48), daysAgo(20)],
  }),
  therapy(medicines.amlodipine10, {
    dosage: 'One tablet each morning',
    started: '2011-01-10',
    issues: [daysAgo(76), daysAgo(48), daysAgo(20)],
  }),
  immunisation(vaccines.influenza, { given: daysAgo(43, '10:20'), lot: 'VFL2201' }),
]

/** What Trevor Halsall's practice shares with both regions. */
const halsallPractice = [
  problem(problems.hypertension, { onset: '2012-02', recorded: '2012-02-09' }),
  therapy(medicines.ramipril10, {
    dosage: 'One capsule each morning',
    started: '2012-02-16',
    issues: [daysAgo(62), daysAgo(34), daysAgo(6)],
  }),
  allergy(substances.aspirin, {
    recorded: '2015-09-01',
    reaction: { manifestation: manifestations.wheezing, severity: 'moderate' },
  }),
]

/** People who live on one side of the border and are cared for on both. */
export const borderPatients = [
  person('9990000018', {
    referredTo: [liverpoolHospitals, ambulance],
    permits: [liverpoolHospitals, ambulance],
    story:
      'A grandmother in Ormskirk whose practice and diabetes care are in Lancashire and whose broken hip was mended in Southport: every section is filled in both regions.',
    identity: {
      title: 'Mrs',
      given: 'Margaret Anne',
      family: 'Ashworth',
      gender: 'female',
      born: '1948-05-14',
      address: ['27 Ruff Lane', 'Ormskirk', 'L39 4QZ'],
      phone: '01632 960118',
      practice: moorSide,
      gp: clinicians.fazal,
      nextOfKin: { name: 'Helen Ashworth', relationship: relationships.daughter, phone: '07700 900118' },
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(moorSide, ashworthPractice),
          from(
            merseyWestLancs,
            flag(words('At risk of falls since hip operation: two to transfer'), {
              category: 'safety',
              start: daysAgo(58),
            }),
            allergy(substances.latex, {
              recorded: daysAgo(60),
              category: ['environment'],
              criticality: 'low',
              reaction: { manifestation: manifestations.urticaria, severity: 'mild' },
            }),
            problem(problems.hipFracture, {
              onset: daysAgo(61),
              recorded: daysAgo(61),
              category: 'encounter-diagnosis',
            }),
            procedure(procedures.hipReplacement, { performed: daysAgo(60, '09:15') }),
            medication(medicines.paracetamol500, {
              dosage: 'Two tablets up to four times a day',
              authored: daysAgo(55),
              until: daysAgo(-30),
            }),
            medication(medicines.coCodamol, {
              dosage: 'One or two tablets at night when needed',
              authored: daysAgo(55),
              until: daysAgo(41),
              status: 'completed',
            }),
            report(tests.fullBloodCount, daysAgo(59, '06:40'), [
              [tests.haemoglobin, [98, 'g/L'], { range: [115, 165], interpretation: 'L' }],
              [tests.platelets, [212, '10*9/L'], { range: [150, 400] }],
              [tests.whiteCells, [11.8, '10*9/L'], { range: [4, 11], interpretation: 'H' }],
            ]),
            result(tests.haemoglobin, [112, 'g/L'], {
              taken: daysAgo(55, '07:05'),
              range: [115, 165],
              interpretation: 'L',
            }),
            bloodPressure(138, 76, daysAgo(55, '08:00')),
            immunisation(vaccines.covidSecond, { given: '2021-04-22', dose: 2 }),
            encounter('EMER', {
              type: encounterTypes.emergency,
              start: daysAgo(61, '19:42'),
              end: daysAgo(61, '23:50'),
              reason: words('Fall at home, painful left hip'),
            }),
            encounter('IMP', {
              type: encounterTypes.inpatient,
              start: daysAgo(61, '23:50'),
              end: daysAgo(55, '14:30'),
              reason: problems.hipFracture,
            }),
            encounter('AMB', { type: encounterTypes.followUp, start: daysAgo(13, '11:00'), end: daysAgo(13, '11:25') }),
            appointment('Fracture clinic: three months after hip replacement', {
              start: inDays(30, '10:40'),
              end: inDays(30, '11:00'),
              location: 'Outpatients 2, Southport and Formby District General Hospital',
              specialty: specialties.orthopaedics,
            }),
            carePlan('Getting back on your feet after a hip operation', {
              category: plans.personalised,
              start: daysAgo(55),
              activities: [
                'Exercises three times a day',
                'Walking frame until seen in clinic',
                'Iron-rich diet until haemoglobin is normal',
              ],
            }),
            relatedPerson('Thomas Ashworth', relationships.son, '07700 900120'),
            document('Discharge summary: left hip replacement after fracture', {
              key: 'hip-discharge',
              type: documentTypes.dischargeSummary,
              created: daysAgo(55, '14:10'),
              author: clinicians.harrison,
              specialty: specialties.orthopaedics,
              content: pdf(
                'Discharge summary',
                'Mrs Margaret Ashworth, NHS number 999 000 0018',
                'Fracture of the left neck of femur after a fall at home.',
                'Cemented total hip replacement the next morning, no complications.',
                'Haemoglobin 112 g/L on discharge: please repeat in four weeks.',
                'ALLERGIES: penicillin (anaphylaxis), latex (urticaria).',
              ),
            }),
            document('Fracture clinic letter', {
              key: 'hip-clinic',
              type: documentTypes.outpatientLetter,
              created: daysAgo(12, '16:05'),
              author: clinicians.harrison,
              specialty: specialties.orthopaedics,
              content: html(
                'Fracture clinic',
                'Wound healed. Walks 200 metres with one stick.',
                'Plan: X-ray and review three months after the operation.',
              ),
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            moorSide,
            ashworthPractice,
            flag(words('Hearing aid in left ear: speak to her right side'), {
              category: 'clinical',
              start: '2019-02-11',
            }),
            problem(problems.kneeOsteoarthritis, { onset: '2016', recorded: '2016-07-21' }),
            therapy(medicines.atorvastatin20, {
              dosage: 'One tablet at night',
              started: '2010-06-01',
              issues: [daysAgo(76), daysAgo(48), daysAgo(20)],
            }),
            immunisation(vaccines.pneumococcal, { given: '2013-10-08' }),
            result(tests.hba1c, [58, 'mmol/mol'], {
              taken: daysAgo(32, '09:10'),
              range: [20, 42],
              interpretation: 'H',
            }),
            result(tests.hba1c, [61, 'mmol/mol'], {
              taken: daysAgo(215, '09:00'),
              range: [20, 42],
              interpretation: 'H',
            }),
            result(tests.serumCholesterol, [4.1, 'mmol/L'], { taken: daysAgo(32, '09:10') }),
            bloodPressure(142, 80, daysAgo(25, '10:15')),
            encounter('AMB', {
              type: encounterTypes.checkUp,
              start: daysAgo(25, '10:00'),
              end: daysAgo(25, '10:30'),
              reason: problems.type2Diabetes,
            }),
            encounter('VR', { type: encounterTypes.telephone, start: daysAgo(4, '12:10'), end: daysAgo(4, '12:18') }),
            appointment('Diabetes review with the practice nurse', {
              start: inDays(12, '09:30'),
              end: inDays(12, '09:50'),
              location: 'Moor Side Surgery, room 3',
            }),
            carePlan('Living well with diabetes', {
              category: plans.diabetes,
              start: daysAgo(215),
              activities: ['HbA1c every six months', 'Foot check every year', 'Eye screening in Ormskirk'],
            }),
            document('Summary record from Moor Side Surgery', {
              key: 'summary',
              type: documentTypes.summaryRecord,
              category: documentCategories.clinicalNote,
              created: daysAgo(25, '11:00'),
              author: clinicians.fazal,
              content: plainText(
                'Summary record',
                'Problems: type 2 diabetes, hypertension, osteoarthritis of the knee.',
                'Allergy: penicillin, anaphylaxis in 1983.',
                'Lives alone, daughter near by.',
              ),
            }),
          ),
          from(
            lancashireTeaching,
            procedure(procedures.colonoscopy, { performed: daysAgo(400, '13:00') }),
            encounter('AMB', {
              type: words('Diabetic eye screening'),
              start: daysAgo(96, '15:20'),
              end: daysAgo(96, '15:50'),
            }),
            relatedPerson('Doris Marsh', relationships.neighbour, '07700 900119'),
            document('Diabetic eye screening result', {
              key: 'eye-screening',
              type: documentTypes.diagnosticReport,
              category: documentCategories.observations,
              created: daysAgo(94, '09:00'),
              specialty: specialties.ophthalmology,
              content: html(
                'Diabetic eye screening',
                'Right eye: no retinopathy. Left eye: background retinopathy (R1 M0).',
                'Screening again in twelve months.',
              ),
            }),
          ),
        ],
      },
    },
  }),
  person('9990000026', {
    story:
      'Half a record in each region: the practice shares problems, medicines and allergy with both under the same identifiers, his stroke is known to e-Xchange only, his rehabilitation to LPRES only.',
    identity: {
      title: 'Mr',
      given: 'Trevor',
      family: 'Halsall',
      gender: 'male',
      born: '1956-11-30',
      address: ['8 Egerton', 'Skelmersdale', 'WN8 6AD'],
      phone: '01632 960126',
      practice: tawdValley,
      nextOfKin: { name: 'Pauline Halsall', relationship: relationships.wife, phone: '07700 900126' },
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(tawdValley, halsallPractice),
          from(
            waltonCentre,
            problem(problems.stroke, { onset: daysAgo(88), recorded: daysAgo(88) }),
            procedure(procedures.ctBrain, { performed: daysAgo(88, '05:50') }),
            medication(medicines.clopidogrel75, {
              dosage: 'One tablet a day',
              authored: daysAgo(80),
              until: inDays(280),
            }),
            encounter('IMP', {
              type: encounterTypes.inpatient,
              start: daysAgo(88, '05:30'),
              end: daysAgo(80, '12:00'),
              reason: problems.stroke,
            }),
            document('Discharge letter: left middle cerebral artery stroke', {
              key: 'stroke-discharge',
              type: documentTypes.finalDischargeLetter,
              created: daysAgo(80, '11:20'),
              author: clinicians.mensah,
              specialty: specialties.neurology,
              content: plainText(
                'Discharge letter',
                'Left middle cerebral artery stroke, treated with thrombolysis.',
                'Clopidogrel, not aspirin: he wheezes with aspirin.',
              ),
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            tawdValley,
            halsallPractice,
            bloodPressure(134, 82, daysAgo(15, '09:00')),
            encounter('AMB', { type: encounterTypes.checkUp, start: daysAgo(15, '08:50') }),
          ),
          from(
            lancashireTeaching,
            encounter('HH', {
              type: words('Community stroke rehabilitation visit'),
              start: daysAgo(40, '14:00'),
              end: daysAgo(40, '15:00'),
            }),
            encounter('HH', {
              type: words('Community stroke rehabilitation visit'),
              start: daysAgo(9, '14:00'),
              end: daysAgo(9, '15:00'),
            }),
            carePlan('Stroke rehabilitation at home', {
              category: plans.personalised,
              start: daysAgo(75),
              activities: ['Speech therapy weekly', 'Hand exercises daily'],
            }),
          ),
        ],
      },
    },
  }),
  person('9990000034', {
    story:
      'Only e-Xchange knows her: LPRES has no record that it can show, which does not mean that none exists, and wants a relationship first.',
    identity: {
      title: 'Ms',
      given: 'Chloe',
      family: 'Brennan',
      gender: 'female',
      born: '1991-02-08',
      address: ['114 Smithdown Road', 'Liverpool', 'L7 4JG'],
      practice: dockside,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            dockside,
            problem(problems.migraine, { onset: '2014', recorded: '2014-05-12' }),
            medication(medicines.paracetamol500, {
              dosage: 'Two tablets at the first sign of a migraine',
              authored: daysAgo(37),
            }),
            encounter('AMB', { type: encounterTypes.symptom, start: daysAgo(37, '16:40'), reason: problems.migraine }),
          ),
        ],
      },
    },
  }),
  person('9990000042', {
    story:
      'Only LPRES knows him: his blood tests and asthma are there, and e-Xchange, told of a relationship, has no record that it can show.',
    identity: {
      title: 'Mr',
      given: 'Imran',
      family: 'Patel',
      gender: 'male',
      born: '1984-09-19',
      address: ['52 Plungington Road', 'Preston', 'PR1 7RB'],
      practice: ribbleBank,
    },
    holds: {
      'lancashire-south-cumbria': {
        records: [
          from(
            ribbleBank,
            problem(problems.asthma, { onset: '1990', recorded: '1998-03-03' }),
            therapy(medicines.salbutamol, {
              dosage: 'Two puffs when needed',
              started: '1998-03-03',
              issues: [daysAgo(120), daysAgo(33)],
            }),
            result(tests.peakFlow, [510, 'L/min'], { taken: daysAgo(33, '10:45'), category: 'vital-signs' }),
          ),
        ],
      },
    },
  }),
  nobody(
    '9990000050',
    'A valid number that neither region knows: both want a relationship first; told of one, each says so, which is not the same as an empty record.',
  ),
  person('9990000069', {
    story:
      'A Liverpool man taken ill on holiday in Blackpool: the ambulance service serves both regions, the heart attack is in LPRES, his usual medicines are in e-Xchange.',
    identity: {
      title: 'Mr',
      given: 'Kevin',
      family: 'McAllister',
      gender: 'male',
      born: '1963-07-25',
      address: ['9 Breck Road', 'Liverpool', 'L5 6PT'],
      practice: dockside,
      nextOfKin: { name: 'Sharon McAllister', relationship: relationships.partner, phone: '07700 900169' },
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            dockside,
            problem(problems.heartDisease, { onset: '2017-05', recorded: '2017-05-30' }),
            therapy(medicines.atorvastatin20, {
              dosage: 'One tablet at night',
              started: '2017-06-06',
              issues: [daysAgo(60), daysAgo(32)],
            }),
            therapy(medicines.aspirin75, {
              dosage: 'One tablet in water each morning',
              started: '2017-06-06',
              issues: [daysAgo(60), daysAgo(32)],
            }),
          ),
          from(liverpoolHospitals, procedure(procedures.echocardiogram, { performed: daysAgo(700, '09:30') })),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            ambulance,
            encounter('FLD', {
              type: encounterTypes.ambulance,
              start: daysAgo(2, '21:14'),
              end: daysAgo(2, '21:58'),
              reason: problems.chestPain,
            }),
            document('Ambulance patient report', {
              key: 'ambulance-report',
              type: documentTypes.clinicalSummary,
              created: daysAgo(2, '22:05'),
              author: clinicians.tunstall,
              content: plainText(
                'Central chest pain for 40 minutes, ECG: inferior ST elevation.',
                'Aspirin 300mg given at 21:20. Pre-alert to Blackpool Victoria Hospital.',
              ),
            }),
          ),
          from(
            blackpoolHospitals,
            problem(problems.heartAttack, { onset: daysAgo(2), recorded: daysAgo(2), category: 'encounter-diagnosis' }),
            procedure(procedures.coronaryIntervention, { performed: daysAgo(2, '22:50') }),
            encounter('IMP', {
              type: encounterTypes.inpatient,
              start: daysAgo(2, '22:10'),
              status: 'in-progress',
              reason: problems.heartAttack,
            }),
            medication(medicines.clopidogrel75, {
              dosage: 'One tablet a day for twelve months',
              authored: daysAgo(1),
              until: inDays(364),
            }),
          ),
        ],
      },
    },
  }),
]
