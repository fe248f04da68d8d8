import { clinician } from './vocabulary/clinician.ts'

/** The made-up people who look after the made-up people, by SDS job role. */
export const clinicians = {
  fazal: clinician('Dr Amina Fazal', 'R0260', 'General Medical Practitioner'),
  rimmer: clinician('Dr Paul Rimmer', 'R0260', 'General Medical Practitioner'),
  oconnell: clinician("Miss Siobhan O'Connell", 'R0050', 'Consultant'),
  mensah: clinician('Dr Kwame Mensah', 'R0050', 'Consultant'),
  iqbal: clinician('Dr Sana Iqbal', 'R0050', 'Consultant'),
  harrison: clinician('Mr David Harrison', 'R0050', 'Consultant'),
  walmsley: clinician('Joan Walmsley', 'R0620', 'Staff Nurse'),
  tunstall: clinician('Gary Tunstall', 'R1070', 'Paramedic'),
  pilling: clinician('Karen Pilling', 'R1330', 'Social Worker'),
  desai: clinician('Nikhil Desai', 'R1290', 'Pharmacist'),
} as const
