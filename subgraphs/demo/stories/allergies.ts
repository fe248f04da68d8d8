import { encounterTypes } from '../codes/care.ts'
import { medicines } from '../codes/medicines.ts'
import { problems } from '../codes/problems.ts'
import { manifestations, substances } from '../codes/substances.ts'
import { allergy, noKnownAllergy } from '../vocabulary/allergy.ts'
import { encounter } from '../vocabulary/encounter.ts'
import { medication } from '../vocabulary/medication.ts'
import { daysAgo } from '../vocabulary/moment.ts'
import {
  countessOfChester,
  lancashireTeaching,
  merseyWestLancs,
  moorSide,
  ribbleBank,
  sandstone,
  tawdValley,
} from '../vocabulary/organisation.ts'
import { from, person } from '../vocabulary/person.ts'
import { problem } from '../vocabulary/problem.ts'

/** Every answer about allergies (gateway/README.md, rule 2), each with a person who shows it. */
export const allergies = [
  person('9990000077', {
    story: 'Both regions assert no known allergy: the one case in which the view says "No known allergies".',
    identity: {
      title: 'Mr',
      given: 'Alan',
      family: 'Critchley',
      gender: 'male',
      born: '1971-04-02',
      address: ['3 Hall Lane', 'Ormskirk', 'L40 1TY'],
      practice: moorSide,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            merseyWestLancs,
            noKnownAllergy(daysAgo(140)),
            encounter('SS', { type: encounterTypes.inpatient, start: daysAgo(140, '08:00') }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [from(moorSide, noKnownAllergy('2018-01-22'), problem(problems.gout, { onset: '2020-08' }))],
      },
    },
  }),
  person('9990000085', {
    story:
      'e-Xchange asserts no known allergy and LPRES has recorded nothing about allergies: "No known allergies" may still be said, and both answers are shown.',
    identity: {
      title: 'Mrs',
      given: 'Sheila',
      family: 'Winstanley',
      gender: 'female',
      born: '1959-12-17',
      address: ['41 Liverpool Road', 'Skelmersdale', 'WN8 8BX'],
      practice: tawdValley,
    },
    holds: {
      'cheshire-merseyside': { records: [from(merseyWestLancs, noKnownAllergy(daysAgo(90)))] },
      'lancashire-south-cumbria': {
        records: [from(tawdValley, problem(problems.hypothyroidism, { onset: '2006-10' }))],
      },
    },
  }),
  person('9990000093', {
    story:
      'e-Xchange asserts no known allergy beside a penicillin anaphylaxis in LPRES: the allergy is shown, and the contradiction.',
    identity: {
      title: 'Miss',
      given: 'Grace',
      family: 'Okafor',
      gender: 'female',
      born: '1997-06-03',
      address: ['16 Northgate Street', 'Chester', 'CH1 2HA'],
      practice: sandstone,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            countessOfChester,
            noKnownAllergy(daysAgo(420)),
            encounter('EMER', { type: encounterTypes.emergency, start: daysAgo(420, '23:15') }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            lancashireTeaching,
            allergy(substances.penicillin, {
              recorded: daysAgo(51),
              criticality: 'high',
              reaction: { manifestation: manifestations.anaphylaxis, severity: 'severe' },
            }),
            encounter('EMER', {
              type: encounterTypes.emergency,
              start: daysAgo(51, '20:10'),
              end: daysAgo(50, '06:00'),
            }),
          ),
        ],
      },
    },
  }),
  person('9990000107', {
    story:
      'Both regions know him and neither has recorded anything about allergies: "No allergies recorded", which is not "No known allergies".',
    identity: {
      title: 'Mr',
      given: 'Stephen',
      family: 'Duxbury',
      gender: 'male',
      born: '1968-10-11',
      address: ['70 Watery Lane', 'Preston', 'PR2 2NL'],
      practice: ribbleBank,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(countessOfChester, encounter('AMB', { type: encounterTypes.consultation, start: daysAgo(70, '09:40') })),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            ribbleBank,
            medication(medicines.cetirizine10, { dosage: 'One tablet a day when needed', authored: daysAgo(21) }),
          ),
        ],
      },
    },
  }),
  person('9990000115', {
    story:
      'e-Xchange asserts no known allergy but LPRES has no record it can show: the claim is not made, and each region is quoted by name (say that she attends).',
    identity: {
      title: 'Ms',
      given: 'Danielle',
      family: 'Prescott',
      gender: 'female',
      born: '1989-01-29',
      address: ['5 Main Street', 'Frodsham', 'WA6 7AF'],
      practice: sandstone,
    },
    holds: {
      'cheshire-merseyside': {
        records: [from(sandstone, noKnownAllergy('2022-03-15'), problem(problems.anxiety, { onset: '2021' }))],
      },
    },
  }),
]
