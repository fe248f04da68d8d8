import type { DemoRegion } from '../vocabulary/person.ts'
import type { Weighted } from './random.ts'

/** The programme's own figures: LPRES on 31 January 2021, e-Xchange on 15 February 2021. */
export const programmeDocuments: Readonly<Record<DemoRegion, number>> = {
  'cheshire-merseyside': 3_014_529,
  'lancashire-south-cumbria': 5_234_942,
}

/** How many documents a region's population has, exactly. */
export function documentsAtScale(region: DemoRegion, scale: number): number {
  return Math.round(programmeDocuments[region] * scale)
}

/**
 * England's ages in decades (rounded), and how many documents a person of that age has on average, in all regions
 * together.
 */
export const ages: Weighted<{ readonly from: number; readonly meanDocuments: number }> = [
  [11.0, { from: 0, meanDocuments: 5 }],
  [12.0, { from: 10, meanDocuments: 4 }],
  [12.5, { from: 20, meanDocuments: 6 }],
  [13.5, { from: 30, meanDocuments: 8 }],
  [13.0, { from: 40, meanDocuments: 9 }],
  [13.5, { from: 50, meanDocuments: 11 }],
  [11.0, { from: 60, meanDocuments: 14 }],
  [8.6, { from: 70, meanDocuments: 19 }],
  [4.0, { from: 80, meanDocuments: 24 }],
  [0.9, { from: 90, meanDocuments: 28 }],
]

/** What part of the people, items or documents each kind is. */
export const shares = {
  /** Live in the border band: part of their record is in each region. */
  border: 0.12,
  /** Live elsewhere, and were treated in the other region. */
  treatedAway: 0.03,
  /** Of those in both regions: the other region's feed gave the practice's items identifiers of its own. */
  reminted: 0.2,
  /** Of those in both regions: the other region's demographics differ. */
  differing: 0.1,
  renumbered: 0.005,
  sensitive: 0.003,
  /** In one region, each for itself. */
  unverified: 0.008,
  /** Of those of 40 and over, and, tenfold, of 80 and over. */
  deceased: 0.012,
  optOutOfRegion: 0.01,
  /** Cheshire & Merseyside alone knows these. */
  optOutOfOrganisation: 0.012,
  /** Documents that replace the one before. */
  replacing: 0.03,
  /** Documents, and problems, entered in error. */
  mistaken: 0.006,
  /** Documents of which the store has the bytes; the others are known by their metadata. */
  withContent: 0.85,
  restricted: 0.025,
  veryRestricted: 0.003,
} as const

/** What differs between the regions' demographics, where something does. */
export type Difference = 'address' | 'family name' | 'phone' | 'practice' | 'gender' | 'birth date'
export const differences: Weighted<Difference> = [
  [40, 'address'],
  [20, 'phone'],
  [15, 'practice'],
  [15, 'family name'],
  [4, 'gender'],
  [6, 'birth date'],
]

/** How many years documents go back, newer ones denser. */
export const years = 10
