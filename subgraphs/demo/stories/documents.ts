import { clinicians } from '../clinicians.ts'
import { encounterTypes, plans, relationships, specialties } from '../codes/care.ts'
import { documentCategories, documentTypes } from '../codes/document-types.ts'
import { medicines } from '../codes/medicines.ts'
import { problems } from '../codes/problems.ts'
import { carePlan } from '../vocabulary/care-plan.ts'
import { words } from '../vocabulary/concept.ts'
import { html, pdf, plainText } from '../vocabulary/content.ts'
import { document } from '../vocabulary/document.ts'
import { encounter } from '../vocabulary/encounter.ts'
import { flag } from '../vocabulary/flag.ts'
import { medication, therapy } from '../vocabulary/medication.ts'
import { daysAgo } from '../vocabulary/moment.ts'
import {
  ambulance,
  cheshireWirralPartnership,
  eastLancashire,
  lancashireCare,
  lancashireTeaching,
  liverpoolHospitals,
  lordStreet,
  merseyCare,
  merseyWestLancs,
  moorSide,
  promenade,
  tawdValley,
} from '../vocabulary/organisation.ts'
import { from, person } from '../vocabulary/person.ts'
import { problem } from '../vocabulary/problem.ts'
import { relatedPerson } from '../vocabulary/related-person.ts'
import { confidential, sealed, sensitive } from '../vocabulary/variation.ts'

/** An X-ray report that the hospital sent to both regions under one identifier. */
const sharedReport = document('Chest X-ray report', {
  key: 'chest-x-ray',
  type: documentTypes.diagnosticReport,
  category: documentCategories.observations,
  created: daysAgo(35, '10:30'),
  author: clinicians.oconnell,
  content: pdf('Chest X-ray', 'Heart size normal. Lungs clear.', "Reported by Miss S. O'Connell"),
})

/** A referral letter that practice and hospital each filed under an identifier of their own: the same bytes. */
const referral = plainText('Dear colleague,', 'thank you for seeing this gentleman with a cough of six weeks.')

/** What is written down: kinds of document, confidentiality, plans for a crisis and for the end of life. */
export const documentStories = [
  person('9990000328', {
    story:
      'Documents of many types from both regions in one order: PDF, HTML and plain text, one X-ray report with two sources, and one referral filed twice, known by the same content.',
    identity: {
      title: 'Mr',
      given: 'Colin',
      family: 'Blundell',
      gender: 'male',
      born: '1958-02-14',
      address: ['64 Hartwood Road', 'Southport', 'PR9 9AN'],
      practice: lordStreet,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            lordStreet,
            document('Referral to respiratory medicine', {
              key: 'referral',
              type: documentTypes.clinicalLetter,
              created: daysAgo(41, '12:00'),
              author: clinicians.rimmer,
              content: referral,
            }),
            document('Prescription record', {
              key: 'prescriptions',
              type: documentTypes.prescriptionRecord,
              created: daysAgo(300, '08:00'),
              author: clinicians.desai,
              content: plainText('Amoxicillin 500mg capsules, 21 capsules, issued once.'),
            }),
          ),
          from(
            merseyWestLancs,
            sharedReport,
            document('NEWS2 chart', {
              key: 'news2',
              type: documentTypes.news2Chart,
              category: documentCategories.observations,
              created: daysAgo(230, '06:00'),
              author: clinicians.walmsley,
              content: html(
                'NEWS2 chart',
                '06:00: total 1. Pulse 92, temperature 37.1, saturation 96 % on air.',
                '10:00: total 0.',
              ),
            }),
          ),
          from(
            liverpoolHospitals,
            document('Respiratory clinic letter', {
              key: 'respiratory',
              type: documentTypes.outpatientLetter,
              created: daysAgo(17, '17:45'),
              author: clinicians.mensah,
              specialty: specialties.respiratory,
              held: 'binary',
              content: pdf('Respiratory clinic', 'Cough after a viral infection, settling.', 'No follow-up needed.'),
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(merseyWestLancs, sharedReport),
          from(
            lancashireTeaching,
            document('Letter from the practice', {
              key: 'referral-filed',
              type: documentTypes.clinicalLetter,
              created: daysAgo(40, '09:15'),
              content: referral,
            }),
            document('Blood test report', {
              key: 'bloods',
              type: documentTypes.laboratoryReport,
              category: documentCategories.observations,
              created: daysAgo(34, '19:20'),
              content: html('Blood tests', 'Haemoglobin 146 g/L. White cells 7.2. CRP below 5 mg/L.'),
            }),
            document('Spirometry consultation', {
              key: 'spirometry',
              type: documentTypes.consultationReport,
              created: daysAgo(520, '14:00'),
              author: clinicians.iqbal,
              content: plainText('FEV1 88 % of predicted. Normal spirometry.'),
            }),
          ),
        ],
      },
    },
  }),
  person('9990000336', {
    referredTo: [liverpoolHospitals, merseyWestLancs],
    story:
      'One ordinary letter, one restricted, one very restricted and one sealed: the sealed letter never leaves its source, the very restricted one is for breaking glass in e-Xchange and never crosses regions from LPRES.',
    identity: {
      title: 'Mr',
      given: 'Anthony',
      family: 'Swift',
      gender: 'male',
      born: '1982-05-05',
      address: ['18 Moss Delph Lane', 'Ormskirk', 'L39 5DZ'],
      practice: moorSide,
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            liverpoolHospitals,
            document('Knee clinic letter', {
              key: 'normal',
              type: documentTypes.outpatientLetter,
              created: daysAgo(64, '10:00'),
              content: plainText('Knee pain after football. Physiotherapy.'),
            }),
            document('Occupational health report', {
              key: 'restricted',
              type: documentTypes.clinicalLetter,
              created: daysAgo(50, '10:00'),
              confidentiality: 'R',
              content: plainText('Restricted: needle-stick injury at work.'),
            }),
            document('Report for the court', {
              key: 'very-restricted',
              type: documentTypes.consultationReport,
              created: daysAgo(36, '10:00'),
              confidentiality: 'V',
              content: plainText('Very restricted: medical report prepared for proceedings.'),
            }),
            sealed(
              document('Sealed letter', {
                key: 'sealed',
                type: documentTypes.clinicalLetter,
                created: daysAgo(22, '10:00'),
                content: plainText("Sealed at the patient's request."),
              }),
            ),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            lancashireTeaching,
            document('Witness protection note', {
              key: 'very-restricted',
              type: documentTypes.clinicalLetter,
              created: daysAgo(30, '15:00'),
              confidentiality: 'V',
              content: plainText('Very restricted: do not discuss with callers.'),
            }),
            confidential(problem(problems.anxiety, { onset: daysAgo(75), recorded: daysAgo(75) }), 'R'),
          ),
        ],
      },
    },
  }),
  person('9990000344', {
    referredTo: [liverpoolHospitals, lancashireTeaching],
    permits: [liverpoolHospitals, lancashireTeaching],
    story:
      'A mental health crisis plan, a discharge letter and notes in each region: the plan is for every clinician, the letter crosses regions from e-Xchange only, notes want a reason.',
    identity: {
      title: 'Ms',
      given: 'Leanne',
      family: 'Farrell',
      gender: 'female',
      born: '1988-09-02',
      address: ['40 Caunce Street', 'Blackpool', 'FY1 3LD'],
      practice: promenade,
      nextOfKin: { name: 'Maureen Farrell', relationship: relationships.mother, phone: '07700 900344' },
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            merseyCare,
            sensitive(problem(problems.bipolar, { onset: '2012', recorded: '2012-10-10' }), 'PSY'),
            sensitive(
              document('Crisis plan made in Liverpool', {
                key: 'crisis-plan',
                type: documentTypes.crisisPlan,
                category: documentCategories.carePlan,
                created: daysAgo(260, '11:00'),
                specialty: specialties.mentalHealth,
                content: html(
                  'Crisis plan',
                  'Early signs: no sleep for two nights, spending.',
                  'What helps: a quiet room, calling my mother.',
                  'Crisis line: 0808 157 0344.',
                ),
              }),
              'PSY',
            ),
            sensitive(
              document('Discharge from the Broadoak Unit', {
                key: 'discharge',
                type: documentTypes.dischargeSummary,
                created: daysAgo(262, '16:00'),
                specialty: specialties.mentalHealth,
                content: plainText('Discharged to the care of the community team, lithium continued.'),
              }),
              'PSY',
            ),
          ),
          from(
            cheshireWirralPartnership,
            sensitive(
              document('Community mental health team note', {
                key: 'note',
                type: documentTypes.consultationReport,
                created: daysAgo(250, '15:30'),
                confidentiality: 'R',
                specialty: specialties.mentalHealth,
                content: plainText('Home visit. Content of the conversation is for the team.'),
              }),
              'PSY',
            ),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            lancashireCare,
            sensitive(
              document('Crisis plan', {
                key: 'crisis-plan',
                type: documentTypes.crisisPlan,
                category: documentCategories.carePlan,
                created: daysAgo(47, '10:20'),
                specialty: specialties.mentalHealth,
                content: pdf(
                  'Mental health crisis plan',
                  'Early signs: no sleep, talking fast.',
                  'Call the crisis team before the emergency department.',
                ),
              }),
              'PSY',
            ),
            sensitive(
              document('Discharge from the Harbour', {
                key: 'discharge',
                type: documentTypes.dischargeSummary,
                created: daysAgo(48, '17:00'),
                specialty: specialties.mentalHealth,
                content: plainText('Eleven days on the ward. Home treatment team to visit daily.'),
              }),
              'PSY',
            ),
            sensitive(
              document('Home treatment team note', {
                key: 'note',
                type: documentTypes.consultationReport,
                created: daysAgo(46, '11:30'),
                specialty: specialties.mentalHealth,
                content: plainText('Home visit. Content of the conversation is for the team.'),
              }),
              'PSY',
            ),
            sensitive(
              carePlan('Keeping well', {
                category: plans.mentalHealthCrisis,
                start: daysAgo(47),
                activities: ['Sleep diary', 'Care coordinator every fortnight'],
              }),
              'PSY',
            ),
            sensitive(encounter('HH', { type: encounterTypes.homeVisit, start: daysAgo(19, '10:00') }), 'PSY'),
          ),
        ],
      },
    },
  }),
  person('9990000352', {
    story:
      'Last months of life at home: the ReSPECT form is in LPRES, the anticipatory medicines and treatment escalation plan in e-Xchange, and the ambulance crew needs both.',
    identity: {
      title: 'Mr',
      given: 'Dennis',
      family: 'Rothwell',
      gender: 'male',
      born: '1950-04-19',
      address: ['11 Ashurst Road', 'Skelmersdale', 'WN8 6TR'],
      practice: tawdValley,
      gp: clinicians.fazal,
      nextOfKin: { name: 'Irene Rothwell', relationship: relationships.wife, phone: '07700 900352' },
    },
    holds: {
      'cheshire-merseyside': {
        records: [
          from(
            merseyWestLancs,
            document('Treatment escalation plan', {
              key: 'escalation',
              type: documentTypes.escalationPlan,
              category: documentCategories.carePlan,
              created: daysAgo(29, '13:00'),
              author: clinicians.oconnell,
              content: html(
                'Treatment escalation plan',
                'Not for intensive care. Antibiotics by mouth only.',
                'Prefers not to be admitted again.',
              ),
            }),
            medication(medicines.morphine, {
              dosage: '2.5 ml when needed for pain or breathlessness',
              authored: daysAgo(28),
            }),
          ),
          from(
            ambulance,
            encounter('FLD', {
              type: encounterTypes.ambulance,
              start: daysAgo(6, '03:10'),
              end: daysAgo(6, '04:25'),
              reason: words('Breathlessness, treated at home'),
            }),
          ),
        ],
      },
      'lancashire-south-cumbria': {
        records: [
          from(
            tawdValley,
            problem(problems.motorNeurone, { onset: daysAgo(600), recorded: daysAgo(580) }),
            problem(problems.palliative, { onset: daysAgo(90), recorded: daysAgo(90) }),
            flag(words('Has a ReSPECT form: not for cardiopulmonary resuscitation'), {
              category: 'clinical',
              start: daysAgo(85),
            }),
            document('ReSPECT form', {
              key: 'respect',
              type: documentTypes.respectForm,
              category: documentCategories.carePlan,
              created: daysAgo(85, '14:30'),
              author: clinicians.fazal,
              content: pdf(
                'ReSPECT',
                'Priority: comfort.',
                'CPR attempts NOT recommended.',
                'Preferred place of death: home. Discussed with patient and wife.',
              ),
            }),
            carePlan('End of life care at home', {
              category: plans.endOfLife,
              start: daysAgo(85),
              activities: ['District nurse daily', 'Just-in-case medicines in the house', 'Night sitter at weekends'],
            }),
            therapy(medicines.paracetamol500, {
              dosage: 'Two tablets four times a day',
              started: daysAgo(85),
              issues: [daysAgo(57), daysAgo(29), daysAgo(1)],
            }),
            relatedPerson('Susan Rothwell', relationships.daughter, '07700 900353'),
          ),
          from(
            eastLancashire,
            document('End of life care coordination summary', {
              key: 'epaccs',
              type: documentTypes.endOfLifeSummary,
              category: documentCategories.carePlan,
              created: daysAgo(60, '12:00'),
              content: plainText('Prognosis: months. Hospice at home involved.'),
            }),
          ),
        ],
      },
    },
  }),
]
