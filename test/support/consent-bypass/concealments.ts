import type { Publication } from '../../../subgraphs/store/record-store.ts'
import { item, numberOf, publication, trust } from '../store/publications.ts'
import type { Slug } from '../system.ts'
import { type SecretRecordOptions, secretRecord } from './secrets.ts'

/** A way for a patient to look, to this viewer in this region, like a number that it has never seen. */
export interface Concealment {
  readonly name: string
  readonly region: Slug
  readonly hiding: SecretRecordOptions
  /** SDS job role code. */
  readonly role: string
}

const dead: SecretRecordOptions = { patient: { fields: { deceased: true, deceasedAt: '2025-01-31' } } }
const deadSometime: SecretRecordOptions = { patient: { fields: { deceased: true, deceasedAt: null } } }
const unverified: SecretRecordOptions = { patient: { verification: '02' } }

export const concealments: readonly Concealment[] = [
  { name: 'a number that is not verified', region: 'cheshire-merseyside', hiding: unverified, role: 'R0050' },
  { name: 'a flag', region: 'cheshire-merseyside', hiding: { patient: { sensitive: true } }, role: 'R0050' },
  { name: 'a death beyond the window', region: 'cheshire-merseyside', hiding: dead, role: 'R0050' },
  { name: 'a death on a day not known', region: 'cheshire-merseyside', hiding: deadSometime, role: 'R0050' },
  {
    name: 'an opt-out that clerks are not told of',
    region: 'cheshire-merseyside',
    hiding: { optsOut: true },
    role: 'R8010',
  },
  { name: 'a number that is not verified', region: 'lancashire-south-cumbria', hiding: unverified, role: 'R0050' },
  { name: 'a death beyond the window', region: 'lancashire-south-cumbria', hiding: dead, role: 'R0050' },
]

/** The record of a patient so concealed, who lies in the viewer's own hospital besides. */
export function concealedRecord({ region, hiding }: Concealment, n: number): readonly Publication[] {
  const stay = item('encounters', `stay-${n}`, {
    nhsNumber: numberOf(n),
    organisation: trust,
    at: new Date().toISOString(),
    fields: { class: 'INPATIENT', status: 'IN_PROGRESS', start: new Date().toISOString(), end: null },
  })
  return [secretRecord(region, n, hiding), publication({ items: [stay] })]
}
