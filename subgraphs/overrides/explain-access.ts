import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { parseAccessContext } from '../../schema/assertion.ts'
import type * as Region from '../../schema/generated/region.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { findOrganisationRegions } from '../../schema/organisations.ts'
import type { ItemOutcome, ItemSection } from '../../schema/policies/facts.ts'
import { sections } from '../../schema/sections.ts'
import { type ItemReleases, itemSections } from '../release/item-releases.ts'
import { type RecordRelease, type RecordReleaseRequest, releaseRecords } from '../release/release-records.ts'
import { createSectionLoaders } from '../release/section-loaders.ts'
import { toSdlReleaseDecision } from '../release/view-reply.ts'
import { assertPrivacyOfficer } from './reviews.ts'

export interface ExplainRequest extends Omit<RecordReleaseRequest, 'nhsNumbers' | 'access'> {
  readonly nhsNumber: string
  readonly explained: Region.ExplainedViewer
  /** RegionCode. */
  readonly region: string
}

/**
 * Decides what another viewer would see of a patient. Grants and the own-record rule are left out, because they depend
 * on the person.
 */
export async function explainAccess(request: ExplainRequest): Promise<Region.Explanation> {
  const { nhsNumber, viewer, explained, region, policies } = request
  assertPrivacyOfficer(viewer)
  if (!findOrganisationRegions(viewer.organisation.odsCode).includes(region))
    throw fault('FORBIDDEN', 'Expected a privacy officer of this region.')
  const asked = toViewer(viewer, explained)
  // Nothing is released, so no release is counted.
  const releases = await releaseRecords({
    ...request,
    nhsNumbers: [nhsNumber],
    viewer: asked,
    access: toContext(explained),
    onRelease: undefined,
  })
  const release = releases.get(nhsNumber)
  if (!release) throw new Error('Expected a decision for the number asked')
  const items = release.released?.items ?? null
  const withheld = await findWithheldSections(request.store, release)
  // A rule that must not be disclosed would tell an officer what the patient's record holds.
  const filters = items?.disclosedRules ?? []
  return {
    decision: toSdlReleaseDecision(release),
    concealed: release.decision.concealed,
    sections: itemSections.map((section) => toSection(section, release, items, withheld)),
    rules: policies.rules
      .filter(({ id }) => release.decision.rules.includes(id) || filters.includes(id))
      .map(({ id, says, effect }) => ({
        id,
        says,
        effect: filters.includes(id) ? 'FILTERS' : effect === 'permit' ? 'PERMITS' : 'FORBIDS',
      })),
  }
}

/** A person of that role at that organisation whom the store does not know. */
function toViewer(officer: TokenHolder, { role, organisation, areaOfWork }: Region.ExplainedViewer): TokenHolder {
  return {
    ...officer,
    id: '',
    name: null,
    role: { ...officer.role, code: role, display: null },
    organisation: { odsCode: organisation, name: null },
    areaOfWork: areaOfWork ?? null,
    nhsNumber: null,
    purpose: null,
    scopes: [],
  }
}

function toContext({ purpose, relationship, reason, supervisor }: Region.ExplainedViewer): AccessContext {
  const context = parseAccessContext({ purpose, relationship, reason, supervisor })
  if (!context) throw fault('BAD_VIEWER', 'Expected purpose, relationship and reason as AccessContext has them.')
  return context
}

const answers: Readonly<Record<ItemOutcome, Region.SectionAnswerCode>> = {
  release: 'RECORDED',
  withheld: 'WITHHELD',
  hidden: 'NOT_KNOWN',
}

/** Finds the sections that would be withheld in part or whole, by the same read as in a view. */
async function findWithheldSections(
  store: ExplainRequest['store'],
  { released }: RecordRelease,
): Promise<ReadonlySet<ItemSection>> {
  if (!released) return new Set()
  const { patient, items } = released
  const reads = createSectionLoaders(store, new Map([[patient.key, items]]))
  const isWithheld = async (section: ItemSection) =>
    section === 'demographics' ? items.sectionOutcome(section) === 'withheld' : reads.isWithheld(section, patient.key)
  const answers = await Promise.all(itemSections.map(isWithheld))
  return new Set(itemSections.filter((_, index) => answers[index]))
}

/** Answers a section by the rules alone, whatever is stored: RECORDED if the section is shown. */
function toSection(
  section: ItemSection,
  { decision }: RecordRelease,
  items: ItemReleases | null,
  withheld: ReadonlySet<ItemSection>,
): Region.ExplainedSection {
  const name = section === 'demographics' ? 'DEMOGRAPHICS' : sections[section].name
  if (!items)
    return { section: name, answer: decision.concealed ? 'NOT_KNOWN' : 'WITHHELD', withheld: !decision.concealed }
  const outcome = items.releasedClasses(section).length > 0 ? 'release' : items.sectionOutcome(section)
  return { section: name, answer: answers[outcome], withheld: withheld.has(section) }
}
