import { snomed, words } from '../vocabulary/concept.ts'

/** Vaccines as UK records code them. */
export const vaccines = {
  influenza: snomed('822851000000102', 'Seasonal influenza vaccination'),
  pneumococcal: snomed('12866006', 'Pneumococcal vaccination'),
  covidSecond: snomed(
    '1324691000000104',
    'Administration of second dose of severe acute respiratory syndrome coronavirus 2 vaccine',
  ),
  mmrSecond: snomed('170433008', 'Measles mumps and rubella vaccination - second dose'),
} as const

export const procedures = {
  appendicectomy: snomed('80146002', 'Appendicectomy'),
  caesarean: snomed('11466000', 'Caesarean section'),
  colonoscopy: snomed('73761001', 'Colonoscopy'),
  coronaryIntervention: snomed('415070008', 'Percutaneous coronary intervention'),
  ctBrain: snomed('34227000', 'Computerised axial tomography of brain'),
  echocardiogram: snomed('433236007', 'Transthoracic echocardiography'),
  fertilisation: snomed('52637005', 'Test tube ovum fertilization'),
  hipReplacement: snomed('265157000', 'Total prosthetic replacement of hip joint using cement'),
  kneeReplacement: snomed('265170009', 'Total prosthetic replacement of knee joint using cement'),
  termination: snomed('714812005', 'Induced termination of pregnancy'),
} as const

export const encounterTypes = {
  checkUp: snomed('185349003', 'Encounter for check up'),
  consultation: snomed('11429006', 'Consultation'),
  emergency: snomed('4525004', 'Emergency department patient visit'),
  followUp: snomed('390906007', 'Follow-up encounter'),
  homeVisit: snomed('439708006', 'Home visit'),
  inpatient: snomed('32485007', 'Hospital admission'),
  symptom: snomed('185345009', 'Encounter for symptom'),
  telephone: snomed('185317003', 'Telephone encounter'),
  ambulance: words('Ambulance attendance'),
} as const

export const specialties = {
  mentalHealth: snomed('708168004', 'Mental health service'),
  genitourinary: snomed('830039004', 'Genitourinary medicine'),
  transgenderHealth: snomed('896974005', 'Transgender health'),
  safeguardingChildren: snomed('1326421000000106', 'Safeguarding children'),
  cardiology: words('Cardiology'),
  ophthalmology: words('Ophthalmology'),
  orthopaedics: words('Trauma and orthopaedics'),
  neurology: words('Neurology'),
  respiratory: words('Respiratory medicine'),
  generalMedicine: words('General internal medicine'),
} as const

export const plans = {
  diabetes: snomed('698360004', 'Diabetes self management plan'),
  personalised: snomed('2181441000000107', 'Personalised care and support plan'),
  endOfLife: snomed('736373009', 'End of life care plan'),
  mentalHealthCrisis: snomed('736253002', 'Mental health crisis plan'),
  socialCare: words('Adult social care support plan'),
} as const

export const relationships = {
  daughter: words('Daughter'),
  son: words('Son'),
  wife: words('Wife'),
  mother: words('Mother'),
  neighbour: words('Neighbour'),
  partner: words('Partner'),
} as const
