import type { Organisation } from '../vocabulary/organisation.ts'
import type { DemoRegion } from '../vocabulary/person.ts'
import type { Days } from './days.ts'
import type { Identity } from './identity.ts'
import type { Life } from './life.ts'
import type { Outline } from './outlines.ts'
import type { Place } from './places.ts'
import type { Random } from './random.ts'
import type { Scribe } from './scribe.ts'

/** What it takes to write what a practice publishes: `random` and `scribe` are such that each region gets the same. */
export interface PracticeWriting
  extends Pick<PersonWriting, 'outline' | 'identity' | 'life' | 'days' | 'random' | 'scribe'> {
  readonly organisation: Organisation
  /** Whether the mistakes have been taken back: the other region has not heard of it. */
  readonly isCorrected: boolean
}

/** What it takes to write a person's part of a region's record. */
export interface PersonWriting {
  readonly outline: Outline
  readonly identity: Identity
  readonly life: Life
  readonly region: DemoRegion
  /** Where the person is treated in this region. */
  readonly place: Place
  readonly days: Days
  /** The region's own. */
  readonly random: Random
  /** Of what only this region has. */
  readonly scribe: Scribe
  /** Of what the practice publishes to each region. */
  readonly practiceScribe: Scribe
}
