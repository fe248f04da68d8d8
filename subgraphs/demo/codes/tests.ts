import { loinc, snomed, words } from '../vocabulary/concept.ts'

/** What was measured: LOINC as hospital laboratories send it, SNOMED CT as GP systems do. */
export const tests = {
  creatinine: loinc('14682-9', 'Creatinine [Moles/volume] in Serum or Plasma'),
  creatinineMass: loinc('2160-0', 'Creatinine [Mass/volume] in Serum or Plasma'),
  crp: loinc('1988-5', 'C reactive protein [Mass/volume] in Serum or Plasma'),
  haemoglobin: loinc('718-7', 'Hemoglobin [Mass/volume] in Blood'),
  hba1c: loinc('59261-8', 'Hemoglobin A1c/Hemoglobin.total in Blood by IFCC protocol'),
  inr: snomed('165581004', 'INR - international normalised ratio'),
  peakFlow: snomed('18491006', 'Peak expiratory flow rate'),
  platelets: loinc('777-3', 'Platelets [#/volume] in Blood by Automated count'),
  potassium: loinc('2823-3', 'Potassium [Moles/volume] in Serum or Plasma'),
  serumCholesterol: snomed('1005671000000105', 'Serum cholesterol level'),
  tsh: loinc('3016-3', 'Thyrotropin [Units/volume] in Serum or Plasma'),
  weight: loinc('29463-7', 'Body weight'),
  whiteCells: loinc('6690-2', 'Leukocytes [#/volume] in Blood by Automated count'),
  fullBloodCount: snomed('1022441000000101', 'FBC - full blood count'),
  sexualHealthScreen: words('Sexual health screen'),
} as const
