import { Random } from '../../../subgraphs/demo/population/random.ts'
import type { Publication, PublishedItem } from '../../../subgraphs/store/record-store.ts'
import { concept, item, patient, publication, referral } from '../store/publications.ts'
import type { Slug } from '../system.ts'

/** What each patient has in each region, as the peers' stubs have (../shared/bench/peers/view.mjs). */
export const held = { documents: 20, medications: 8, allergies: 2 } as const

/** Whose the patients are: the default demo token's organisation. */
export const viewerOrganisation = 'REM'

const dayMs = 86_400_000
const titles = [
  'Discharge summary',
  'Clinic letter',
  'Radiology report',
  'Pathology report',
  'Referral letter',
  'Care plan',
]
// No medicine and no substance is in both regions: the view looks for what is the same and finds nothing.
const regions = {
  'cheshire-merseyside': {
    organisations: ['REM', 'RBL', 'REN', 'RBS'],
    medicines: [
      'Paracetamol 500mg tablets',
      'Ramipril 5mg capsules',
      'Metformin 500mg tablets',
      'Amlodipine 10mg tablets',
      'Salbutamol 100mcg inhaler',
      'Omeprazole 20mg capsules',
      'Sertraline 50mg tablets',
      'Codeine 30mg tablets',
    ],
    substances: ['Allergy to penicillin', 'Allergy to latex'],
  },
  'lancashire-south-cumbria': {
    organisations: ['RXN', 'RXL', 'RXR', 'RTX'],
    medicines: [
      'Atorvastatin 20mg tablets',
      'Bisoprolol 5mg tablets',
      'Apixaban 5mg tablets',
      'Furosemide 40mg tablets',
      'Lansoprazole 15mg capsules',
      'Levothyroxine 50mcg tablets',
      'Gabapentin 300mg capsules',
      'Naproxen 250mg tablets',
    ],
    substances: ['Allergy to aspirin', 'Allergy to peanuts'],
  },
} as const satisfies Record<Slug, unknown>

/** What is published of one patient in one region. */
export interface BenchRecordOptions {
  readonly slug: Slug
  /** The region's place in the list of regions: no two have an item in common, nor one that looks the same. */
  readonly serial: number
  readonly nhsNumber: string
  /** @default the bench's */
  readonly counts?: Readonly<Record<keyof typeof held, number>>
  readonly nowMs: number
}

/**
 * One patient's record in one region, referred to the viewer's organisation. The same number and day always give the
 * same.
 */
export function toBenchRecord({ slug, serial, nhsNumber, counts = held, nowMs }: BenchRecordOptions): Publication {
  const { organisations, medicines, substances } = regions[slug]
  const random = new Random(Number(nhsNumber) % 2 ** 31, serial)
  const today = Math.floor(nowMs / dayMs) * dayMs
  const name = (kind: string, index: number) => `${serial}-${kind}-${nhsNumber}-${index}`
  const codeOf = (first: number, index: number) => String(first + serial * 100 + index)
  const each = (count: number, make: (index: number) => PublishedItem) =>
    Array.from({ length: count }, (_, index) => make(index))
  const of = (index: number, choices: readonly string[]) => choices[index % choices.length] ?? ''

  const document = (index: number) => {
    const title = random.pick(titles)
    const created = new Date(today - 1000 * random.below(5 * 365 * 86_400)).toISOString()
    const organisation = { odsCode: random.pick<string>(organisations), name: null }
    const type = concept(title, String(373_942_005 + random.below(1000)))
    return item('documents', name('document', index), {
      nhsNumber,
      organisation,
      at: created,
      fields: { title, type, created, author: { name: 'Dr A Example', role: null, organisation } },
    })
  }
  const medication = (index: number) => {
    const started = new Date(today - dayMs * random.between(10, 1000)).toISOString().slice(0, 10)
    const medicine = concept(of(index, medicines), codeOf(322_236_009, index))
    return item('medications', name('medication', index), {
      nhsNumber,
      at: started,
      fields: { medicine, dosage: 'Two tablets four times a day', started },
    })
  }
  const allergy = (index: number) => {
    const recorded = '2020-02-02'
    return item('allergies', name('allergy', index), {
      nhsNumber,
      at: recorded,
      fields: { substance: concept(of(index, substances), codeOf(91_936_005, index)), recorded },
    })
  }

  const known = patient(0)
  return publication({
    patients: [
      {
        ...known,
        nhsNumber,
        fields: { ...known.fields, name: { full: 'Example Person', family: 'Person', given: ['Example'], prefix: [] } },
      },
    ],
    items: [
      ...each(counts.documents, document),
      ...each(counts.medications, medication),
      ...each(counts.allergies, allergy),
    ],
    referrals: [
      referral(name('referral', 0), {
        nhsNumber,
        organisation: viewerOrganisation,
        authoredOn: new Date(today).toISOString(),
      }),
    ],
  })
}
