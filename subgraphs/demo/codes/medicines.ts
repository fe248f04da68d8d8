import { snomed, words } from '../vocabulary/concept.ts'

/** Medicines by dm+d code; by name alone where a source system would have sent free text. */
export const medicines = {
  allopurinol300: snomed('330062008', 'Allopurinol 300mg tablets'),
  amlodipine10: snomed('319284000', 'Amlodipine 10mg tablets'),
  amoxicillin500: snomed('323510009', 'Amoxicillin 500mg capsules'),
  aspirin75: snomed('319773006', 'Aspirin 75mg dispersible tablets'),
  atorvastatin20: snomed('320030001', 'Atorvastatin 20mg tablets'),
  bendroflumethiazide: snomed('317919004', 'Bendroflumethiazide 2.5mg tablets'),
  cetirizine10: snomed('320818006', 'Cetirizine 10mg tablets'),
  clopidogrel75: snomed('319799004', 'Clopidogrel 75mg tablets'),
  coCodamol: words('Co-codamol 30mg/500mg tablets'),
  digoxin125: snomed('317896006', 'Digoxin 125microgram tablets'),
  doxycycline100: snomed('324059006', 'Doxycycline 100mg capsules'),
  ferrousSulfate: snomed('327438003', 'Ferrous sulfate 200mg tablets'),
  folicAcid5: snomed('327550006', 'Folic acid 5mg tablets'),
  furosemide40: snomed('317972000', 'Furosemide 40mg tablets'),
  gliclazide80: snomed('325242002', 'Gliclazide 80mg tablets'),
  insulinGlargine: snomed(
    '38897011000001107',
    'Insulin glargine 100units/ml solution for injection 3ml pre-filled disposable devices',
  ),
  levothyroxine100: snomed('374296008', 'Levothyroxine sodium 100microgram tablets'),
  lisinopril10: snomed('318859000', 'Lisinopril 10mg tablets'),
  metformin500: snomed('325278007', 'Metformin 500mg tablets'),
  methotrexate: words('Methotrexate 2.5mg tablets'),
  morphine: words('Morphine sulfate 10mg/5ml oral solution'),
  paracetamol500: snomed('322236009', 'Paracetamol 500mg tablets'),
  ramipril10: snomed('318906001', 'Ramipril 10mg capsules'),
  salbutamol: snomed('39113611000001102', 'Salbutamol 100micrograms/dose inhaler CFC free'),
  warfarin: words('Warfarin 3mg tablets'),
  zopiclone: snomed('321177003', 'Zopiclone 3.75mg tablets'),
} as const
