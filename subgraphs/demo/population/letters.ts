export interface LetterOptions {
  readonly title: string
  readonly organisation: string
  readonly specialty: string | null
  /** Which of the texts; no two turns give the same one. */
  readonly turn: number
}

/** A short text of a document: its title and its lines, in Latin-1 and under the width of a page. */
export function writeLetter({ title, organisation, specialty, turn }: LetterOptions): readonly [string, ...string[]] {
  const by = (choices: readonly string[], step: number) => choices[Math.floor(turn / step) % choices.length] ?? ''
  return [
    title,
    organisation,
    ...(specialty === null ? [] : [specialty]),
    `Our reference: ${title.slice(0, 3).toUpperCase()}/${turn + 1}`,
    by(reasons, 1),
    by(findings, 2),
    by(plans, 3),
    'Made up for demonstration. Nobody real is meant.',
  ]
}

const reasons = [
  'Seen for review as planned.',
  'Referred by the practice with symptoms over several weeks.',
  'Came in as an emergency by ambulance.',
  'Followed up after the last admission.',
  'Seen together with a member of the family.',
]
const findings = [
  'Feels well. Examination was unremarkable.',
  'Blood pressure 148/86, pulse 72 regular, chest clear.',
  'Mobility is slowly better; pain is controlled with paracetamol.',
  'Blood tests are within their ranges but for a mildly raised CRP.',
  'Short of breath on one flight of stairs, as before. No swelling of the ankles.',
  'Imaging shows no change since the earlier examination.',
  'Sleep and appetite are good. No new concerns.',
]
const plans = [
  'No change of medication. Discharged to the care of the practice.',
  'Please repeat the blood tests in four weeks and let us know of any change.',
  'Follow-up in six months. The patient knows when to come back sooner.',
  'Started on a new medicine: please continue it as a repeat.',
]
