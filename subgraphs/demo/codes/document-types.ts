import { snomed } from '../vocabulary/concept.ts'

/** Document types and categories, displays as published. */
export const documentTypes = {
  dischargeSummary: snomed('373942005', 'Discharge summary'),
  dischargeLetter: snomed('823701000000103', 'Discharge letter'),
  finalDischargeLetter: snomed('824331000000106', 'Inpatient final discharge letter'),
  outpatientLetter: snomed('823681000000100', 'Outpatient letter'),
  clinicalLetter: snomed('823691000000103', 'Clinical letter'),
  consultationReport: snomed('371530004', 'Clinical consultation report'),
  laboratoryReport: snomed('4241000179101', 'Laboratory report'),
  diagnosticReport: snomed('721981007', 'Diagnostic studies report'),
  prescriptionRecord: snomed('440545006', 'Prescription record'),
  news2Chart: snomed('1363501000000100', 'NEWS2 chart'),
  crisisPlan: snomed('736253002', 'Mental health crisis plan'),
  endOfLifeSummary: snomed('861421000000109', 'End of life care coordination summary'),
  respectForm: snomed('1382601000000107', 'ReSPECT form'),
  escalationPlan: snomed('735324008', 'Treatment escalation plan'),
  supportPlan: snomed('2181441000000107', 'Personalised care and support plan'),
  summaryRecord: snomed('824321000000109', 'Summary record'),
  clinicalSummary: snomed('887181000000106', 'Clinical summary'),
} as const

export const documentCategories = {
  carePlan: snomed('734163000', 'Care plan'),
  clinicalNote: snomed('823651000000106', 'Clinical note'),
  observations: snomed('1102421000000108', 'Observations'),
} as const
