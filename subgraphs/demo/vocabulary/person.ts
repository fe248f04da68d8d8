import type { Clinician } from './clinician.ts'
import type { Concept } from './concept.ts'
import type { Moment, RelativeMoment } from './moment.ts'
import type { Organisation } from './organisation.ts'
import type { Item } from './resource.ts'

/**
 * The slugs of the regions that the stories and the population are about; in any other region the demo publishes
 * nobody.
 */
export const demoRegions = ['cheshire-merseyside', 'lancashire-south-cumbria'] as const
export type DemoRegion = (typeof demoRegions)[number]

/** Whether the demo has people in a region. */
export function isDemoRegion(slug: string): slug is DemoRegion {
  return (demoRegions as readonly string[]).includes(slug)
}

/** A person and what each region holds of them. */
export interface Person {
  readonly nhsNumber: string
  /** What to see, in one plain sentence. */
  readonly story: string
  /** Null for a number that nobody knows. */
  readonly identity: Identity | null
  readonly holds: Readonly<Partial<Record<DemoRegion, Holding>>>
  /** To whom the practice referred the person the day before the build, as each region that holds something knows. @default viewersOrganisation */
  readonly referredTo?: readonly Organisation[]
  /** Whom the person permits to look, in a region that asks for it. @default viewersOrganisation */
  readonly permits?: readonly Organisation[]
}

/** What one region holds: who it says the person is, where that differs, and what each organisation published. */
export interface Holding {
  readonly identity?: Partial<Identity>
  readonly records: readonly Records[]
}

/** What one organisation published. */
export interface Records {
  readonly organisation: Organisation
  readonly items: readonly Item[]
}

export interface Identity {
  readonly title: string
  readonly given: string
  readonly family: string
  readonly gender: 'female' | 'male' | 'other' | 'unknown'
  /**
   * A FHIR date; or, where the age is the story, one that moves along: by days, or a day of the year that lies so many
   * years before the build year.
   */
  readonly born: Moment | { readonly yearsBefore: number; readonly monthDay: string }
  readonly address: readonly [line: string, town: string, postcode: string]
  readonly phone?: string
  readonly practice: Organisation
  readonly gp?: Clinician
  readonly nextOfKin?: { readonly name: string; readonly relationship: Concept; readonly phone: string }
  readonly died?: RelativeMoment
  /** UK Core NHS number verification status. @default '01' */
  readonly verification?: '01' | '02' | '03' | '04' | '05'
  /** An earlier number of the same person. */
  readonly supersedes?: string
  /** Flagged sensitive: where the person is must not be shown. */
  readonly sensitive?: boolean
  /** @default 30 */
  readonly updatedDaysAgo?: number
}

export function person(nhsNumber: string, told: Omit<Person, 'nhsNumber'>): Person {
  return { nhsNumber, ...told }
}

/** A valid number without a person. */
export function nobody(nhsNumber: string, story: string): Person {
  return { nhsNumber, story, identity: null, holds: {} }
}

/** What an organisation published to a region. */
export function from(organisation: Organisation, ...items: readonly (Item | readonly Item[])[]): Records {
  return { organisation, items: items.flat() }
}
