import type * as Region from '../../../schema/generated/region.ts'
import type { SectionField } from '../../../schema/sections.ts'
import type {
  OverrideGrant,
  Publication,
  PublishedItem,
  PublishedPatient,
  RecordStore,
} from '../../../subgraphs/store/record-store.ts'
import { content, item, optOut, patient, publication, referral } from '../store/publications.ts'
import { dayBefore, toDate, toKnownDate } from './calendar.ts'
import { toFields } from './item-fields.ts'
import {
  type DemographicsModel,
  type Holding,
  type RegionCode,
  regions,
  type VersionModel,
  type Which,
} from './model.ts'
import {
  type ItemPlace,
  knownNumbers,
  type Scenario,
  toContent,
  toGrantId,
  toIdentifier,
  toInstant,
  toMark,
  toOdsCode,
  toPerson,
  toPlaceMark,
} from './scenario.ts'
import type { ScenarioSystem } from './scenario-system.ts'

/** Publishes what the regions hold, and records permissions and broken glass, through the stores' contract. */
export async function publishScenario(
  { system, daysEarlier }: Pick<ScenarioSystem, 'system' | 'daysEarlier'>,
  scene: Scenario,
): Promise<void> {
  for (const { code, slug } of regions) {
    const store = system.store(slug)
    for (const patient of [0, 1] as const) {
      const holding = scene.world.patients[patient].holdings[code]
      // A registration ends when the store hears that it has.
      const outcomes = await daysEarlier(holding.demographics?.practiceBefore?.daysAgo ?? 0, () =>
        store.publish(toPublications(scene, patient, code)),
      )
      for (const outcome of outcomes) if (outcome.status !== 'stored') throw new Error(JSON.stringify(outcome.faults))
      await recordPermission(store, scene, patient, holding)
      for (const grant of toGrants(scene, patient, holding)) await store.recordGrant(grant, grant.untilMs)
    }
  }
}

async function recordPermission(
  store: RecordStore,
  scene: Scenario,
  patient: Which,
  { permission }: Holding,
): Promise<void> {
  if (!permission) return
  const nhsNumber = scene.numbers[patient][permission.under]
  const organisation = toOdsCode(scene, permission.organisation)
  const untilMs = Date.now() + permission.hours * 3_600_000
  await store.recordPermission({
    id: `permission-${scene.serial}.${patient}`,
    nhsNumber,
    organisation,
    person: toPerson(scene, 0),
    basis: 'CARE_EPISODE_24_HOURS',
    untilMs,
  })
  if (permission.withdrawn) await store.withdrawPermission(nhsNumber, organisation)
}

function toGrants(scene: Scenario, patient: Which, { grants }: Holding): readonly OverrideGrant[] {
  return grants.map(({ viewer, barrier, reason, minutes, under }, index) => {
    const who = {
      nhsNumber: scene.numbers[patient][under],
      person: toPerson(scene, viewer),
      organisation: toOdsCode(scene, `@${viewer}`),
    }
    const untilMs = Date.now() + minutes * 60_000
    return {
      id: toGrantId(scene, patient, index),
      ...who,
      barrier,
      reason,
      justification: 'In a generated case',
      atMs: untilMs - 3_600_000,
      untilMs,
    }
  })
}

/** In order: what lies under an earlier number first, which the number in force then takes over. */
function toPublications(scene: Scenario, of: Which, region: RegionCode): readonly Publication[] {
  const holding = scene.world.patients[of].holdings[region]
  const numbers = knownNumbers(holding).map((number) => scene.numbers[of][number])
  const [first = '', last = first] = numbers
  const items = scene.world.patients[of].items.flatMap((model, index) => {
    const version = model.versions[region]
    return version
      ? [toItem(scene, { patient: of, index }, version, { region, nhsNumber: index % 2 === 0 ? first : last })]
      : []
  })
  const contents = items.flatMap((one, place) =>
    hasContent(one)
      ? [content(toContent(scene, { patient: of, index: Number(items[place]?.resourceId) }, region))]
      : [],
  )
  const demographics = [
    holding.demographics?.practiceBefore?.practice ?? null,
    holding.demographics?.practice ?? null,
  ].flatMap((practice) =>
    holding.demographics && practice !== null
      ? [toPatient(scene, of, { ...holding.demographics, practice }, { region, numbers })]
      : [],
  )
  return [
    publication({ items: items.filter(({ nhsNumber }) => nhsNumber !== last), contents }),
    ...demographics.map((one) => publication({ patients: [one] })),
    publication({
      items: items.filter(({ nhsNumber }) => nhsNumber === last),
      ...toConsents(scene, of, holding, `${region}-${scene.serial}-${of}`, last),
    }),
  ]
}

function toConsents(scene: Scenario, of: Which, { optOuts, referrals }: Holding, name: string, nhsNumber: string) {
  return {
    optOuts: optOuts.map(({ organisation, active }, index) => {
      const refused = organisation === null ? null : toOrganisation(scene, of, organisation)
      return optOut(`${name}-opt-out-${index}`, { nhsNumber, active, organisation: refused })
    }),
    referrals: referrals.map(({ organisation, active, ...date }, index) =>
      referral(`${name}-referral-${index}`, {
        nhsNumber,
        active,
        organisation: toOdsCode(scene, organisation),
        authoredOn: toDate(scene.today, date),
      }),
    ),
  }
}

function toOrganisation(scene: Scenario, of: Which, organisation: string): Region.Organisation {
  const odsCode = toOdsCode(scene, organisation)
  return odsCode === '' ? { odsCode: null, name: null } : { odsCode, name: `${toPlaceMark(scene, of)} Trust` }
}

function toPatient(
  scene: Scenario,
  of: Which,
  { verification, sensitive, birth, death, practice }: DemographicsModel,
  { region, numbers }: { readonly region: RegionCode; readonly numbers: readonly string[] },
): PublishedPatient {
  const { born } = scene.world.patients[of]
  const place = toPlaceMark(scene, of)
  const { fields, ...one } = patient(0)
  return {
    ...one,
    nhsNumber: numbers.at(-1) ?? '',
    supersedes: numbers.slice(0, -1),
    verification,
    sensitive,
    localIdentifiers: [{ system: 'urn:test:local', value: place }],
    fields: {
      ...fields,
      name: { full: toMark(scene, of, null, region), family: null, given: [], prefix: [] },
      birthDate: birth && toKnownDate(dayBefore(scene.today, -born.daysLater, born.yearsAgo), birth),
      deceased: death !== null,
      deceasedAt: death?.date ? toDate(scene.today, death.date) : null,
      address: { lines: [`1 ${place} Lane`], city: place, postcode: place },
      telecom: [{ system: 'phone', value: place, use: null }],
      gpPractice: toOrganisation(scene, of, practice),
      organisation: toOrganisation(scene, of, 'RBL'),
    },
  }
}

function toItem(
  scene: Scenario,
  place: ItemPlace,
  version: VersionModel,
  { region, nhsNumber }: { readonly region: RegionCode; readonly nhsNumber: string },
): PublishedItem {
  const model = scene.world.patients[place.patient].items[place.index]
  if (!model) throw new Error('Expected an item of the world')
  const replaced = version.replaces === null ? undefined : scene.world.patients[place.patient].items[version.replaces]
  const replaces =
    replaced?.section === 'documents' && replaced !== model
      ? [toIdentifier(scene, { ...place, index: version.replaces ?? 0 })]
      : []
  const bytes = version.hasContent ? toContent(scene, place, region) : null
  return item<SectionField>(model.section, String(place.index), {
    nhsNumber,
    identifier: toIdentifier(scene, place),
    version: version.version,
    organisation: toOrganisation(scene, place.patient, version.source),
    lifecycle: version.lifecycle,
    at: toInstant(scene, model),
    labels: version.labels,
    replaces,
    fields: toFields(model, version, {
      mark: toMark(scene, place.patient, place.index, region),
      place: toPlaceMark(scene, place.patient),
      provider: version.provider === null ? null : toOrganisation(scene, place.patient, version.provider),
      instant: toInstant(scene, model),
      today: scene.today,
      replaces,
      bytes,
    }),
  })
}

function hasContent({ fields }: PublishedItem): boolean {
  return 'contentAnswer' in fields && fields.contentAnswer === 'AVAILABLE'
}
