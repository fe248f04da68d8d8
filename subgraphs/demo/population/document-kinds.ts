import type * as Region from '../../../schema/generated/region.ts'
import { encounterTypes, specialties } from '../codes/care.ts'
import { documentCategories, documentTypes } from '../codes/document-types.ts'
import { type Concept, snomed } from '../vocabulary/concept.ts'
import type { Weighted } from './random.ts'

/** A kind of document: who writes it, in which form, and the encounter that it tells of. */
export interface DocumentKind {
  readonly type: Concept
  readonly category: Concept
  readonly from: 'hospital' | 'mental health' | 'practice' | 'ambulance'
  readonly form: 'pdf' | 'html' | 'text'
  /** Of people from this age on. @default 0 */
  readonly fromAge?: number
  /** Says which specialty writes. @default false */
  readonly bySpecialty?: boolean
  readonly encounter?: { readonly class: Region.EncounterClass; readonly type: Concept }
}

const { carePlan, clinicalNote, observations } = documentCategories
/** Document types beside those that the stories use. */
const recordArtifact = snomed('419891008', 'Record artifact')
const emergencyPlan = snomed('887701000000100', 'Emergency health care plan')
const endOfLifePlan = snomed('736373009', 'End of life care plan')
const appointment = snomed('749001000000101', 'Appointment')

const inpatient = { class: 'INPATIENT', type: encounterTypes.inpatient } as const
const outpatient = { class: 'AMBULATORY', type: encounterTypes.followUp } as const
const emergency = { class: 'EMERGENCY', type: encounterTypes.emergency } as const

/** How many of a hundred documents are of each kind. */
export const documentKinds: Weighted<DocumentKind> = [
  [
    23,
    {
      type: documentTypes.outpatientLetter,
      category: clinicalNote,
      from: 'hospital',
      form: 'pdf',
      bySpecialty: true,
      encounter: outpatient,
    },
  ],
  [
    12,
    {
      type: documentTypes.dischargeSummary,
      category: clinicalNote,
      from: 'hospital',
      form: 'pdf',
      bySpecialty: true,
      encounter: inpatient,
    },
  ],
  [
    4,
    {
      type: documentTypes.dischargeLetter,
      category: clinicalNote,
      from: 'hospital',
      form: 'html',
      bySpecialty: true,
      encounter: emergency,
    },
  ],
  [
    3,
    {
      type: documentTypes.finalDischargeLetter,
      category: clinicalNote,
      from: 'hospital',
      form: 'pdf',
      bySpecialty: true,
    },
  ],
  [
    9,
    { type: documentTypes.clinicalLetter, category: clinicalNote, from: 'hospital', form: 'html', bySpecialty: true },
  ],
  [
    3,
    {
      type: documentTypes.clinicalLetter,
      category: clinicalNote,
      from: 'mental health',
      form: 'pdf',
      bySpecialty: true,
    },
  ],
  [
    5,
    {
      type: documentTypes.consultationReport,
      category: clinicalNote,
      from: 'hospital',
      form: 'html',
      bySpecialty: true,
      encounter: outpatient,
    },
  ],
  [12, { type: documentTypes.laboratoryReport, category: observations, from: 'hospital', form: 'text' }],
  [9, { type: documentTypes.diagnosticReport, category: observations, from: 'hospital', form: 'pdf' }],
  [3, { type: documentTypes.news2Chart, category: observations, from: 'hospital', form: 'html' }],
  [3, { type: appointment, category: recordArtifact, from: 'hospital', form: 'text', bySpecialty: true }],
  [4, { type: documentTypes.prescriptionRecord, category: recordArtifact, from: 'practice', form: 'text' }],
  [3, { type: documentTypes.clinicalSummary, category: clinicalNote, from: 'practice', form: 'html' }],
  [
    2,
    {
      type: documentTypes.clinicalSummary,
      category: clinicalNote,
      from: 'ambulance',
      form: 'pdf',
      encounter: { class: 'FIELD', type: encounterTypes.ambulance },
    },
  ],
  [1, { type: documentTypes.supportPlan, category: carePlan, from: 'practice', form: 'html' }],
  [0.8, { type: emergencyPlan, category: carePlan, from: 'hospital', form: 'pdf' }],
  [1, { type: documentTypes.crisisPlan, category: carePlan, from: 'mental health', form: 'html', fromAge: 16 }],
  [0.8, { type: documentTypes.endOfLifeSummary, category: carePlan, from: 'practice', form: 'html', fromAge: 65 }],
  [0.8, { type: documentTypes.respectForm, category: carePlan, from: 'hospital', form: 'pdf', fromAge: 65 }],
  [0.4, { type: endOfLifePlan, category: carePlan, from: 'practice', form: 'pdf', fromAge: 65 }],
  [0.6, { type: documentTypes.escalationPlan, category: carePlan, from: 'hospital', form: 'text', fromAge: 65 }],
]

/** What the practice publishes first: of people in both regions, to both. */
export const summaryRecord: DocumentKind = {
  type: documentTypes.summaryRecord,
  category: recordArtifact,
  from: 'practice',
  form: 'html',
}

/** What general hospitals write about, by turns. */
export const hospitalSpecialties = [
  specialties.generalMedicine,
  specialties.cardiology,
  specialties.orthopaedics,
  specialties.respiratory,
  specialties.ophthalmology,
  specialties.neurology,
] as const
export const mentalHealth = specialties.mentalHealth
