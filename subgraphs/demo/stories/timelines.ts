import { encounterTypes, procedures } from '../codes/care.ts'
import { documentTypes } from '../codes/document-types.ts'
import { medicines } from '../codes/medicines.ts'
import { problems } from '../codes/problems.ts'
import { substances } from '../codes/substances.ts'
import { tests } from '../codes/tests.ts'
import { allergy } from '../vocabulary/allergy.ts'
import type { Concept } from '../vocabulary/concept.ts'
import { plainText } from '../vocabulary/content.ts'
import { document } from '../vocabulary/document.ts'
import { encounter } from '../vocabulary/encounter.ts'
import { therapy } from '../vocabulary/medication.ts'
import { daysAgo, onlyThe } from '../vocabulary/moment.ts'
import {
  lancashireTeaching,
  merseyWestLancs,
  morecambeBay,
  ribbleBank,
  sandstone,
  tawdValley,
} from '../vocabulary/organisation.ts'
import { from, person } from '../vocabulary/person.ts'
import { problem } from '../vocabulary/problem.ts'
import { procedure } from '../vocabulary/procedure.ts'
import type { Item } from '../vocabulary/resource.ts'
import { bloodPressure, result } from '../vocabulary/result.ts'

/** The visits of ten years, one every two months, in turn to each region. */
const visits = Array.from({ length: 60 }, (_, index) => ({ index, days: 5 + index * 61 }))

/** What is measured at a visit: level and how far it strays, by visit, so that the trend can be seen. */
const measured: readonly (readonly [Concept, string, level: number, swing: number, decimals: number])[] = [
  [tests.hba1c, 'mmol/mol', 60, 9, 0],
  [tests.creatinine, 'umol/L', 118, 16, 0],
  [tests.potassium, 'mmol/L', 4.6, 0.5, 1],
]

function visitTo(region: 'cheshire-merseyside' | 'lancashire-south-cumbria'): readonly Item[] {
  return visits
    .filter(({ index }) => index % 2 === (region === 'cheshire-merseyside' ? 0 : 1))
    .flatMap(({ index, days }) => [
      encounter(index % 7 === 3 ? 'EMER' : 'AMB', {
        type: index % 7 === 3 ? encounterTypes.emergency : encounterTypes.followUp,
        start: daysAgo(days, '10:00'),
        end: daysAgo(days, '10:40'),
        reason: problems.type2Diabetes,
      }),
      // In every four visits: three blood tests twice, one twice, and two blood pressures; 150 results in all.
      ...measured
        .filter((_, position) => index % 4 < 2 || position === 0)
        .map(([code, unit, level, swing, decimals]) =>
          result(code, [Number((level + swing * Math.sin(index / 3)).toFixed(decimals)), unit], {
            taken: daysAgo(days, '09:30'),
          }),
        ),
      ...(index % 4 === 0 || index % 4 === 3
        ? [bloodPressure(132 + (index % 5) * 4, 74 + (index % 3) * 3, daysAgo(days, '10:05'))]
        : []),
    ])
}

/** Long histories, and dates of which only a part is known. */
export const timelines = [
  person('9990000425', {
    story:
      'Ten years of diabetes in turn in both regions: 150 results and 60 encounters to page through (ask for `all`), newest first, none of them twice.',
    identity: {
      title: 'Mr',
      given: 'Yusuf',
      family: 'Osman',
      gender: 'male',
      born: '1957-01-09',
      address: ['14 Garstang Road', 'Preston', 'PR1 1NA'],
      practice: ribbleBank,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            merseyWestLancs,
            visitTo('cheshire-merseyside'),
            problem(problems.kidneyDisease3, { onset: '2020-02', recorded: '2020-02-14' }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            ribbleBank,
            problem(problems.type2Diabetes, { onset: '2011' }),
            therapy(medicines.gliclazide80, {
              dosage: 'One tablet twice a day',
              started: '2013-03-03',
              issues: [daysAgo(56), daysAgo(28)],
            }),
          ),
          from(lancashireTeaching, visitTo('lancashire-south-cumbria')),
        ],
      },
    },
  }),
  person('9990000433', {
    story:
      'Dates of which only the year or the month is known, and items with none: a partial date stands at the start of its period, undated items come last and say so.',
    identity: {
      title: 'Mrs',
      given: 'Olive',
      family: 'Pemberton',
      gender: 'female',
      born: '1941',
      address: ['1 Castle Park', 'Frodsham', 'WA6 6SB'],
      practice: sandstone,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            sandstone,
            problem(problems.kneeOsteoarthritis, {}),
            problem(problems.hypertension, { onset: '1996' }),
            procedure(procedures.appendicectomy, { performed: '1957' }),
            procedure(procedures.kneeReplacement, { performed: '2014-05' }),
            allergy(substances.strongPainkiller, { verification: 'unconfirmed' }),
            result(tests.weight, [61.0, 'kg'], { category: 'vital-signs' }),
            result(tests.serumCholesterol, [5.2, 'mmol/L'], { taken: onlyThe('month', daysAgo(90)) }),
            encounter('AMB', { type: encounterTypes.symptom }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(tawdValley, encounter('AMB', { type: encounterTypes.checkUp, start: onlyThe('month', daysAgo(100)) })),
          from(
            morecambeBay,
            result(tests.haemoglobin, [121, 'g/L'], { taken: onlyThe('month', daysAgo(65)) }),
            result(tests.haemoglobin, [119, 'g/L'], { taken: daysAgo(70, '11:10') }),
            document('Old hospital notes, scanned', {
              key: 'scan',
              type: documentTypes.clinicalSummary,
              created: onlyThe('year', daysAgo(3650)),
              content: plainText('Scanned notes, date of writing not legible.'),
            }),
          ),
        ],
      },
    },
  }),
]
