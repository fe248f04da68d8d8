import type { AnsweredDocument } from './answers.ts'
import { type ExpectedRegion, expectRegion, expectRegions, isProtected } from './expect-regions.ts'
import { toLifecycle } from './expect-section.ts'
import { findContentFaults } from './find-content-faults.ts'
import { findDifference } from './find-difference.ts'
import { findItemFaults } from './find-item-faults.ts'
import { findPlaces } from './find-places.ts'
import { findUnreleased } from './find-unreleased.ts'
import { type AskModel, type NumberModel, regions, type Which } from './model.ts'
import { documentsQuery } from './queries.ts'
import { knownNumbers, type Scenario, toPublicId, toSealedId } from './scenario.ts'
import type { ScenarioSystem } from './scenario-system.ts'

const nobodysId = 'AAAAAAAAAAAAAAAAAAAAAA'

/** Asks for each of a patient's documents by its id, current or not, and for one that nobody has. */
export async function runDocuments(
  stage: ScenarioSystem,
  scene: Scenario,
  { viewer, patient }: AskModel,
): Promise<readonly string[]> {
  const places = scene.world.patients[patient].items.flatMap(({ section }, index) =>
    section === 'documents' ? [index] : [],
  )
  const owned = places.map((index) => findOwner(scene, { viewer, patient, index }))
  const ids = places.map((index, place) => toId(scene, { patient, index }, owned[place] ?? null))
  const variables = Object.fromEntries([...ids, nobodysId].map((id, index) => [`d${index}`, id]))
  const { data, errors, text } = await stage.ask(scene, viewer, documentsQuery(ids.length + 1), variables)
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  const answers: readonly AnsweredDocument[] = Object.values(data)
  const nobodys = answers.at(-1)
  const events = stage.takeEvents()
  const findings = places.flatMap((index, place) => {
    const answer = answers[place]
    const owner = owned[place]
    if (!answer) return ['is missing']
    stage.tally.add(owner ? 'document found by its id' : 'document kept back by its id')
    // What is kept back is answered as what nobody has.
    const found = owner
      ? judgeFound(scene, { patient, index, ids, id: ids[place] ?? '' }, owner, answer)
      : findDifference('like an unknown document', answer, nobodys)
    return found.map((finding) => `document ${index}: ${finding}`)
  })
  const everyone = expectEveryNumber(scene, viewer)
  return [
    ...findings,
    ...findDifference(
      'document: audit events',
      events.length,
      owned.filter((owner) => owner !== null).length * regions.length,
    ),
    ...findUnreleased(scene, text, (one) => (one === patient ? everyone(one) : [])),
    ...(await judgeBareIds(
      stage,
      scene,
      { viewer, patient, places: places.filter((_, place) => owned[place] && isProtected(owned[place].expected)) },
      nobodys,
    )),
    ...(await findContentFaults(stage, scene, {
      viewer,
      patient,
      nodes: answers.flatMap(({ document }) => document ?? []),
    })),
  ]
}

/** Where places are protected, the id that would follow from a guessed place finds nothing: as one that nobody has. */
async function judgeBareIds(
  stage: ScenarioSystem,
  scene: Scenario,
  { viewer, patient, places }: { readonly viewer: Which; readonly patient: Which; readonly places: readonly number[] },
  nobodys: AnsweredDocument | undefined,
): Promise<readonly string[]> {
  if (places.length === 0) return []
  const variables = Object.fromEntries(
    places.map((index, place) => [`d${place}`, toId(scene, { patient, index }, null)]),
  )
  const { data } = await stage.ask(scene, viewer, documentsQuery(places.length), variables)
  stage.takeEvents()
  return Object.values(data).flatMap((answer) =>
    findDifference('like an unknown document, by its bare id', answer, nobodys),
  )
}

function toId(
  scene: Scenario,
  { patient, index }: { readonly patient: Which; readonly index: number },
  owner: Owner | null,
): string {
  const item = scene.world.patients[patient].items[index]
  if (!item) return nobodysId
  return (owner && isProtected(owner.expected) ? toSealedId : toPublicId)(scene, { patient, index }, item)
}

/**
 * Whose a document is: the regions that may show it, and what each of the regions answers for the number of the first.
 */
interface Owner {
  readonly showing: readonly string[]
  readonly expected: readonly ExpectedRegion[]
}

function findOwner(
  scene: Scenario,
  { viewer, patient, index }: { readonly viewer: Which; readonly patient: Which; readonly index: number },
): Owner | null {
  const showing = regions.flatMap(({ code }) => {
    const number = inForce(scene, patient, code)
    const expected = expectRegion(scene, { viewer, patient, region: code, number })
    return shows(scene, patient, index, expected) ? [{ code, number }] : []
  })
  const [first] = showing
  return first
    ? {
        showing: showing.map(({ code }) => code),
        expected: expectRegions(scene, { viewer, patient, number: first.number }),
      }
    : null
}

function shows(scene: Scenario, patient: Which, index: number, expected: ExpectedRegion): boolean {
  const { items } = scene.world.patients[patient]
  const item = items[index]
  const version = item?.versions[expected.region]
  if (!item || !version || expected.status !== 'ANSWERED' || toLifecycle(items, index, expected) === 'retracted')
    return false
  return expected.outcomeOf(item, version) === 'release'
}

function judgeFound(
  scene: Scenario,
  {
    patient,
    index,
    ids,
    id,
  }: { readonly patient: Which; readonly index: number; readonly ids: readonly string[]; readonly id: string },
  { showing, expected }: Owner,
  { document, status }: AnsweredDocument,
): readonly string[] {
  const releasing = expected.filter((one) => shows(scene, patient, index, one))
  // Where a region has it under a number that is not known to be the same patient's, nobody can say whose it is.
  if (releasing.length < showing.length)
    return findDifference('status of a disputed document', [document, status], [null, 'IDENTITY_MISMATCH'])
  if (!document) return ['is not shown, though the oracle releases it']
  return [
    ...findItemFaults(scene, { patient, expected }, { index, node: document, releasing, shown: new Set(ids) }),
    ...(isProtected(expected) ? findPlaces(document) : []),
    ...findDifference('id', document.id, id),
  ]
}

/** The number under which a region serves a patient. */
function inForce(scene: Scenario, patient: Which, region: (typeof regions)[number]['code']): NumberModel {
  return knownNumbers(scene.world.patients[patient].holdings[region]).at(-1) ?? 'inForce'
}

/** What each region may show of a patient, by its own number. */
function expectEveryNumber(scene: Scenario, viewer: Which): (patient: Which) => readonly ExpectedRegion[] {
  return (patient) =>
    regions.map(({ code }) =>
      expectRegion(scene, { viewer, patient, region: code, number: inForce(scene, patient, code) }),
    )
}
