import { clinicians } from '../clinicians.ts'
import { encounterTypes, plans, specialties, vaccines } from '../codes/care.ts'
import { documentTypes } from '../codes/document-types.ts'
import { medicines } from '../codes/medicines.ts'
import { problems } from '../codes/problems.ts'
import { manifestations, substances } from '../codes/substances.ts'
import { tests } from '../codes/tests.ts'
import { allergy } from '../vocabulary/allergy.ts'
import { carePlan } from '../vocabulary/care-plan.ts'
import { html, plainText } from '../vocabulary/content.ts'
import { document } from '../vocabulary/document.ts'
import { encounter } from '../vocabulary/encounter.ts'
import { immunisation } from '../vocabulary/immunisation.ts'
import { medication } from '../vocabulary/medication.ts'
import { daysAgo } from '../vocabulary/moment.ts'
import {
  eastLancashire,
  lancashireTeaching,
  lordStreet,
  merseyWestLancs,
  moorSide,
  morecambeBay,
  sankey,
  tawdValley,
  warringtonHalton,
} from '../vocabulary/organisation.ts'
import { from, person } from '../vocabulary/person.ts'
import { problem } from '../vocabulary/problem.ts'
import { result } from '../vocabulary/result.ts'
import { reminted, retracted } from '../vocabulary/variation.ts'

const ledgerPractice = [
  allergy(substances.trimethoprim, {
    recorded: '2011-05-16',
    reaction: { manifestation: manifestations.rash, severity: 'mild' },
  }),
  problem(problems.hypothyroidism, { onset: '2008-04', recorded: '2008-04-22' }),
  medication(medicines.levothyroxine100, {
    dosage: 'One tablet before breakfast',
    kind: 'repeat',
    authored: daysAgo(14),
  }),
  immunisation(vaccines.influenza, { given: daysAgo(50) }),
  result(tests.tsh, [2.1, 'mIU/L'], { taken: daysAgo(39, '08:55'), range: [0.4, 4.5] }),
]

const wrongProblem = problem(problems.epilepsy, { onset: '2019-02', recorded: '2019-02-20', key: 'epilepsy' })

/** The same item twice, in two versions, taken back, or replaced. */
export const duplicatesAndRetractions = [
  person('9990000174', {
    story:
      'The same practice record reaches LPRES through a feed that gives every item a new identifier: all appear twice, each naming its possible duplicate.',
    identity: {
      title: 'Mrs',
      given: 'Carol',
      family: 'Ledger',
      gender: 'female',
      born: '1962-06-18',
      address: ['58 Scarisbrick New Road', 'Southport', 'PR8 6QE'],
      practice: lordStreet,
    },
    holds: {
      'cheshire-merseyside': { records: [from(lordStreet, ledgerPractice)] },
      'lancashire-south-cumbria': { records: [from(lordStreet, reminted(...ledgerPractice))] },
    },
  }),
  person('9990000182', {
    story:
      'LPRES has a newer version of two items: metformin was raised to 1 g and the diabetes plan was changed. The newest is shown whole, and the older version as a conflict.',
    identity: {
      title: 'Mr',
      given: 'Neil',
      family: 'Hargreaves',
      gender: 'male',
      born: '1970-01-15',
      address: ['4 Cottage Lane', 'Ormskirk', 'L39 3NE'],
      practice: moorSide,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            moorSide,
            problem(problems.type2Diabetes, { onset: '2018-11', recorded: '2018-11-12' }),
            medication(medicines.metformin500, {
              key: 'metformin',
              updatedDaysAgo: 90,
              dosage: 'One tablet twice a day',
              kind: 'repeat',
              authored: daysAgo(90),
            }),
            carePlan('Diabetes plan', {
              key: 'plan',
              updatedDaysAgo: 90,
              category: plans.diabetes,
              start: daysAgo(90),
              activities: ['HbA1c in three months'],
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            moorSide,
            problem(problems.type2Diabetes, { onset: '2018-11', recorded: '2018-11-12' }),
            medication(medicines.metformin500, {
              key: 'metformin',
              updatedDaysAgo: 5,
              dosage: 'Two tablets twice a day',
              kind: 'repeat',
              authored: daysAgo(90),
            }),
            carePlan('Diabetes plan', {
              key: 'plan',
              updatedDaysAgo: 5,
              category: plans.diabetes,
              start: daysAgo(90),
              activities: ['HbA1c in three months', 'Refer to structured education'],
            }),
          ),
        ],
      },
    },
  }),
  person('9990000190', {
    story:
      'Epilepsy was recorded by mistake: e-Xchange has retracted it, LPRES still holds it as current, and the view says that it was retracted elsewhere.',
    identity: {
      title: 'Mr',
      given: 'Liam',
      family: 'Cropper',
      gender: 'male',
      born: '1994-05-27',
      address: ['22 Folly Lane', 'Warrington', 'WA5 0ND'],
      practice: sankey,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            sankey,
            retracted(wrongProblem, 8),
            problem(problems.migraine, { onset: '2019-02', recorded: daysAgo(8) }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(sankey, wrongProblem),
          from(eastLancashire, encounter('EMER', { type: encounterTypes.emergency, start: daysAgo(66, '17:25') })),
        ],
      },
    },
  }),
  person('9990000204', {
    story:
      'A discharge letter that was corrected: the first version is superseded, the second replaces it, and a laboratory report entered in error is gone.',
    identity: {
      title: 'Ms',
      given: 'Yvonne',
      family: 'Sefton',
      gender: 'female',
      born: '1975-09-09',
      address: ['90 Knutsford Road', 'Warrington', 'WA4 2PA'],
      practice: sankey,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            warringtonHalton,
            document('Discharge letter: pneumonia', {
              key: 'pneumonia-1',
              type: documentTypes.dischargeLetter,
              created: daysAgo(20, '15:00'),
              author: clinicians.mensah,
              status: 'superseded',
              content: plainText('Right lower lobe pneumonia.', 'Doxycycline for five days.'),
            }),
            document('Discharge letter: pneumonia (corrected)', {
              key: 'pneumonia-2',
              type: documentTypes.dischargeLetter,
              created: daysAgo(18, '09:30'),
              author: clinicians.mensah,
              replaces: { organisation: warringtonHalton, key: 'pneumonia-1' },
              content: plainText(
                'LEFT lower lobe pneumonia; the letter of two days ago named the wrong side.',
                'Doxycycline for five days.',
              ),
            }),
            retracted(
              document('Laboratory report of another patient', {
                key: 'wrong-report',
                type: documentTypes.laboratoryReport,
                created: daysAgo(19, '11:00'),
                content: plainText('Filed under the wrong number.'),
              }),
              17,
            ),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(lancashireTeaching, encounter('AMB', { type: encounterTypes.followUp, start: daysAgo(7, '10:00') })),
        ],
      },
    },
  }),
  person('9990000212', {
    story:
      'A clinic letter of Southport, held by e-Xchange, is replaced by a letter held by LPRES: the older one is not shown as current without saying so.',
    identity: {
      title: 'Mrs',
      given: 'Brenda',
      family: 'Molyneux',
      gender: 'female',
      born: '1953-11-23',
      address: ['7 Town Green Lane', 'Ormskirk', 'L39 6SD'],
      practice: moorSide,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            merseyWestLancs,
            document('Rheumatology clinic letter', {
              key: 'rheumatology',
              type: documentTypes.outpatientLetter,
              created: daysAgo(120, '12:15'),
              author: clinicians.iqbal,
              content: html(
                'Rheumatology clinic',
                'Rheumatoid arthritis, active.',
                'Start methotrexate 10 mg once a week.',
              ),
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            morecambeBay,
            problem(problems.rheumatoidArthritis, { onset: '2021', recorded: '2021-08-30' }),
            medication(medicines.methotrexate, {
              dosage: 'Six tablets (15 mg) once a week, on Mondays',
              kind: 'repeat',
              authored: daysAgo(28),
            }),
            document('Rheumatology clinic letter (care taken over)', {
              key: 'rheumatology-takeover',
              type: documentTypes.outpatientLetter,
              created: daysAgo(28, '16:40'),
              author: clinicians.harrison,
              specialty: specialties.generalMedicine,
              replaces: { organisation: merseyWestLancs, key: 'rheumatology' },
              content: html(
                'Rheumatology clinic',
                'This letter replaces that of Southport.',
                'Methotrexate raised to 15 mg once a week.',
              ),
            }),
          ),
          from(
            tawdValley,
            result(tests.crp, [24, 'mg/L'], { taken: daysAgo(29, '08:30'), range: [0, 5], interpretation: 'H' }),
          ),
        ],
      },
    },
  }),
]
