import { snomed, words } from '../vocabulary/concept.ts'

/** What people are allergic to, and how it shows. */
export const substances = {
  penicillin: snomed('91936005', 'Allergy to penicillin'),
  aspirin: snomed('293586001', 'Aspirin allergy'),
  trimethoprim: snomed('292939004', 'Trimethoprim adverse reaction'),
  latex: snomed('300916003', 'Latex allergy'),
  peanut: snomed('91935009', 'Allergy to peanuts'),
  egg: snomed('91930004', 'Allergy to eggs'),
  shellfish: snomed('300913006', 'Shellfish allergy'),
  strongPainkiller: words('Strong painkiller given after hip operation, name not known'),
} as const

export const manifestations = {
  anaphylaxis: snomed('39579001', 'Anaphylaxis'),
  rash: snomed('271807003', 'Eruption of skin'),
  urticaria: snomed('126485001', 'Urticaria'),
  wheezing: snomed('56018004', 'Wheezing'),
} as const
