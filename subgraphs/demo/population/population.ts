import type { PublishedItem, UnattributedPublication } from '../../store/record-store.ts'
import { type DemoRegion, demoRegions } from '../vocabulary/person.ts'
import { Contents } from './contents.ts'
import { Days, toWeekStart } from './days.ts'
import { writeDocuments } from './documents.ts'
import { writeHospitalRecord } from './hospital-record.ts'
import { toIdentity } from './identity.ts'
import { type Outline, outlines } from './outlines.ts'
import { places } from './places.ts'
import { writePracticeRecord } from './practice-record.ts'
import { Random } from './random.ts'
import { Scribe } from './scribe.ts'
import { toOptOuts } from './to-opt-outs.ts'
import { toPatient } from './to-patient.ts'

export interface PopulationOptions {
  readonly region: DemoRegion
  /** The same seed makes the same people. */
  readonly seed: number
  /** 1 is the programme's 5,234,942 and 3,014,529 documents. */
  readonly scale: number
  /** Dates are counted from the Monday of this instant's week: stores made on two days of a week agree. */
  readonly now: Date
}

/** What a region holds of each of its people, one after another, in memory that does not grow with the scale. */
export function* population({
  region,
  seed,
  scale,
  now,
}: PopulationOptions): Generator<UnattributedPublication, void, undefined> {
  const days = new Days(toWeekStart(now))
  const contents = new Contents()
  for (const outline of outlines({ seed, scale })) {
    if (outline.documents.has(region)) yield toPublication(outline, { region, seed, days, contents })
  }
}

interface ToPublicationOptions extends Pick<PopulationOptions, 'region' | 'seed'> {
  readonly days: Days
  readonly contents: Contents
}

function toPublication(
  outline: Outline,
  { region, seed, days, contents }: ToPublicationOptions,
): UnattributedPublication {
  const identity = toIdentity(outline, seed)
  const isHome = region === outline.home
  const random = new Random(seed, outline.ordinal, 5, demoRegions.indexOf(region))
  const items: PublishedItem[] = []
  const scribeOf = (series: string) =>
    new Scribe({ series, items, nhsNumber: outline.nhsNumber, ordinal: outline.ordinal, writtenMs: days.at(2, 720).ms })
  const writing = {
    outline,
    identity,
    region,
    life: { bornDaysAgo: Math.max(2, days.since(outline.birthDate)), endedDaysAgo: identity.diedDaysAgo ?? 0 },
    place: isHome ? outline.place : random.choose(places[region].border),
    days,
    random,
    scribe: scribeOf(region === 'cheshire-merseyside' ? 'X' : 'L'),
    practiceScribe: scribeOf(isHome || !identity.reminted ? 'P' : 'R'),
  }
  const patient = toPatient(writing)
  writePracticeRecord({
    ...writing,
    organisation: identity.practice,
    random: new Random(seed, outline.ordinal, 3),
    scribe: writing.practiceScribe,
    isCorrected: isHome,
  })
  writeHospitalRecord(writing)
  writeDocuments({ ...writing, seed, contents })
  return {
    patients: [patient],
    items,
    optOuts: toOptOuts(writing, items.length + 1),
    referrals: [],
    contents: contents.take(),
  }
}
