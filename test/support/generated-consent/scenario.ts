import { createIdSealer } from '../../../gateway/opaque-tokens/id-sealer.ts'
import { toItemId } from '../../../schema/item-id.ts'
import { checkDigit } from '../../../schema/nhs-number.ts'
import type { Barrier, OverrideReason } from '../../../schema/policies/facts.ts'
import { systemSecrets } from '../system.ts'
import { dayBefore, londonDay } from './calendar.ts'
import type { Holding, ItemModel, NumberModel, OrganisationModel, RegionCode, Which, World } from './model.ts'

/** A world that takes place: with numbers that no other has, on a day. */
export interface Scenario {
  readonly world: World
  /** Tells this scene's texts from other scenes'. */
  readonly serial: number
  readonly numbers: readonly [Numbers, Numbers]
  /** A number that no region has ever seen. */
  readonly unknown: string
  readonly today: string
  /** What was given through the gateway before anything was asked. */
  readonly given: readonly RecordedGrant[]
}
export type Numbers = Readonly<Record<NumberModel, string>>

export type RecordedGrant = {
  readonly viewer: Which
  readonly patient: Which
  readonly region: RegionCode
  readonly untilMs: number
} & (
  | { readonly kind: 'permission' }
  | { readonly kind: 'grant'; readonly id: string; readonly barrier: Barrier; readonly reason: OverrideReason }
)

/** Sets worlds in scene, each with fresh numbers of the 999 range. */
export function createScenarios(): (world: World) => Scenario {
  let scenes = 0
  let nine = 999_100_000
  const nextNumber = (): string => {
    for (;;) {
      const digits = String(++nine)
      const digit = checkDigit(digits)
      if (digit !== null) return `${digits}${digit}`
    }
  }
  const nextNumbers = (): Numbers => ({ earlier: nextNumber(), inForce: nextNumber() })
  return (world) => ({
    world,
    serial: ++scenes,
    numbers: [nextNumbers(), nextNumbers()],
    unknown: nextNumber(),
    today: londonDay(Date.now()),
    given: [],
  })
}

const persons = ['555000000010', '555000000029'] as const

/** The NHS CIS2 user id of a viewer. */
export function toPerson({ world }: Scenario, viewer: Which): string {
  return persons[world.viewers[viewer].person]
}

/**
 * Whether what one viewer was granted is the other's too: it holds for the person, at the organisation where it was
 * taken.
 */
export function isWhereTaken({ world }: Scenario, taken: Which, viewer: Which): boolean {
  const [one, other] = [world.viewers[taken], world.viewers[viewer]]
  return one.person === other.person && one.organisation === other.organisation
}

/** The number that a patient is asked by. */
export function askedNumber({ world, numbers }: Scenario, patient: Which): string {
  return numbers[patient][world.patients[patient].asked]
}

/** The numbers that a region knows a patient by. */
export function knownNumbers({ under, demographics }: Holding): readonly NumberModel[] {
  if (under !== 'both') return [under]
  return demographics ? ['earlier', 'inForce'] : ['inForce']
}

export function toOdsCode({ world }: Scenario, organisation: OrganisationModel): string {
  if (organisation === '@0') return world.viewers[0].organisation
  return organisation === '@1' ? world.viewers[1].organisation : organisation
}

export interface ItemPlace {
  readonly patient: Which
  readonly index: number
}

/** The instant that an item is ordered by: nine in the morning; null where it is undated. */
export function toInstant({ today }: Scenario, { daysAgo }: ItemModel): string | null {
  return daysAgo === null ? null : `${dayBefore(today, daysAgo)}T09:00:00.000Z`
}

export function toIdentifier({ serial }: Scenario, { patient, index }: ItemPlace) {
  return { system: 'urn:test:generated', value: `${serial}-${patient}-${index}` }
}

/** The public id of an item, in whichever region. */
export function toPublicId(scene: Scenario, place: ItemPlace, item: ItemModel): string {
  const identity = { kind: item.section, ...toIdentifier(scene, place) }
  const instant = toInstant(scene, item)
  const isTimeline = ['results', 'encounters', 'documents'].includes(item.section)
  return toItemId(isTimeline ? { ...identity, orderedAtMs: instant === null ? null : Date.parse(instant) } : identity)
}

const sealer = createIdSealer(...systemSecrets)

/** The id that an item of a patient whose location is protected is shown under. */
export function toSealedId(scene: Scenario, place: ItemPlace, item: ItemModel): string {
  return sealer.seal(toPublicId(scene, place, item))
}

/** Words that stand in one region's version of an item and nowhere else; of no item: in its demographics. */
export function toMark({ serial }: Scenario, patient: Which, index: number | null, region: RegionCode): string {
  return `~${serial}.${patient}.${index ?? 'who'}.${region}~`
}

/** Words that stand in everything that is a place, or tells one. */
export function toPlaceMark({ serial }: Pick<Scenario, 'serial'>, patient: Which): string {
  return `place-${serial}.${patient}`
}

export function toContent(scene: Scenario, { patient, index }: ItemPlace, region: RegionCode): Uint8Array {
  return new TextEncoder().encode(`The content of ${toMark(scene, patient, index, region)}`)
}

/** What a grant of the model is known by. */
export function toGrantId({ serial }: Scenario, patient: Which, index: number): string {
  return `grant-${serial}.${patient}.${index}`
}
