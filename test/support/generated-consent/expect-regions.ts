import type { ItemOutcome, ReleaseFacts } from '../../../schema/policies/facts.ts'
import { createOracle, type Oracle, type OracleRelease } from '../consent/policy-oracle.ts'
import { type FiltersModel, type ItemModel, type RegionCode, regions, type VersionModel, type Which } from './model.ts'
import type { Scenario } from './scenario.ts'
import type { SectionDefinition } from './sections.ts'
import { type FactsQuestion, toFacts, toReleaseClass } from './to-facts.ts'

const oracles = new Map<RegionCode, Oracle>(regions.map(({ code, slug }) => [code, createOracle(slug)]))

export function oracleOf(region: RegionCode): Oracle {
  const oracle = oracles.get(region)
  if (!oracle) throw new Error('Expected an oracle')
  return oracle
}

/** What one region must answer for one patient and viewer. */
export interface ExpectedRegion {
  readonly region: RegionCode
  readonly facts: ReleaseFacts
  readonly isAsked: boolean
  readonly release: OracleRelease
  readonly status: string
  /** The region flags the patient, which the gateway knows whether or not it asks. */
  readonly flags: boolean
  /** The region flags the patient under the number in force, by whichever number it was asked. */
  readonly flagsInForce: boolean
  /**
   * The region answers with the number in force where it was asked by the earlier one, so that the gateway knows both.
   */
  readonly tellsSuccessor: boolean
  outcomeOf(
    item: Pick<ItemModel, 'section'>,
    version: VersionModel,
    options?: { readonly content?: boolean },
  ): ItemOutcome
  /** Of a part of the record that is no item, as demographics. */
  ordinary(section: SectionDefinition['field'] | 'demographics', labels?: readonly string[]): ItemOutcome
}

export function expectRegion(scene: Scenario, question: FactsQuestion, isAsked = true): ExpectedRegion {
  const { region } = question
  const oracle = oracleOf(region)
  const facts = toFacts(scene, question)
  const release = oracle.release(facts)
  const status = isAsked ? toStatus(release) : 'NOT_ASKED'
  const inForce = question.patient === null ? null : toFacts(scene, { ...question, number: 'inForce' }).patient
  const earlier = question.patient === null ? null : toFacts(scene, { ...question, number: 'earlier' }).patient
  return {
    region,
    facts,
    isAsked,
    release,
    status,
    flags: facts.patient?.sensitive === true,
    flagsInForce: inForce?.sensitive === true,
    tellsSuccessor: status === 'ANSWERED' && inForce !== null && earlier !== null,
    outcomeOf: ({ section }, version, options) => oracle.item(facts, toReleaseClass(scene, section, version, options)),
    ordinary: (section, labels = []) => oracle.item(facts, { section, labels }),
  }
}

/** What both regions must answer, in the order of the list of regions. */
export function expectRegions(
  scene: Scenario,
  question: Omit<FactsQuestion, 'region'>,
  asked: readonly RegionCode[] | null = null,
): readonly ExpectedRegion[] {
  return regions.map(({ code }) =>
    expectRegion(scene, { ...question, region: code }, asked === null || asked.includes(code)),
  )
}

/**
 * Whether any place must be left out: a region flags the patient under a number that is asked, or that another region
 * answers with.
 */
export function isProtected(expected: readonly ExpectedRegion[]): boolean {
  return (
    expected.some(({ flags }) => flags) ||
    (expected.some(({ tellsSuccessor }) => tellsSuccessor) && expected.some(({ flagsInForce }) => flagsInForce))
  )
}

/** What was asked of a patient, and must be answered; a patient of null is a number never seen. */
export interface PatientQuestion {
  readonly viewer: Which
  readonly patient: Which | null
  readonly filters: FiltersModel
  readonly expected: readonly ExpectedRegion[]
}

function toStatus({ code, concealed }: OracleRelease): string {
  if (code === 'PERMITTED' || code === 'OVERRIDDEN') return concealed ? 'NOT_KNOWN' : 'ANSWERED'
  return code.startsWith('REFUSED') ? 'REFUSED' : code
}
