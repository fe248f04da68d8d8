import type { AnsweredItem } from './answers.ts'
import { findDifference } from './find-difference.ts'
import { type RegionCode, regions, type Which } from './model.ts'
import { type Scenario, toContent, toPublicId } from './scenario.ts'
import type { ScenarioSystem } from './scenario-system.ts'

export interface ShownContents {
  readonly viewer: Which
  readonly patient: Which
  readonly nodes: readonly AnsweredItem[]
}

/**
 * What is wrong with contents that an answer says can be opened: this viewer gets the newest source's bytes, another
 * viewer none, and it is on the trail.
 */
export async function findContentFaults(
  stage: ScenarioSystem,
  scene: Scenario,
  { viewer, patient, nodes }: ShownContents,
): Promise<readonly string[]> {
  const findings: string[] = []
  const { items } = scene.world.patients[patient]
  for (const { id, content, sources } of nodes) {
    const index = items.findIndex(
      (item, place) => item.section === 'documents' && toPublicId(scene, { patient, index: place }, item) === id,
    )
    const region = regions.find(({ code }) => code === sources[0]?.region)?.code
    if (!content || !region || index === -1) continue
    findings.push(
      ...(
        await judgeContent(stage, scene, {
          viewer,
          url: content.url,
          bytes: toContent(scene, { patient, index }, region),
          region,
        })
      ).map((one) => `content of item ${index}: ${one}`),
    )
  }
  return findings
}

interface ShownContent {
  readonly viewer: Which
  readonly url: string
  readonly bytes: Uint8Array
  readonly region: RegionCode
}

async function judgeContent(
  stage: ScenarioSystem,
  scene: Scenario,
  { viewer, url, bytes, region }: ShownContent,
): Promise<readonly string[]> {
  const open = async (who: Which) =>
    stage.system.gateway.fetch(
      new Request(url, { headers: { authorization: `Bearer ${await stage.token(scene, who)}` } }),
    )
  stage.takeEvents()
  const opened = await open(viewer)
  const text = await opened.text()
  const events = stage.takeEvents().map((event) => [event.kind, event.region, event.status])
  stage.tally.add('content opened')
  return [
    ...findDifference('status', opened.status, 200),
    ...findDifference('bytes', text, new TextDecoder().decode(bytes)),
    ...findDifference('audit event', events, [['DOCUMENT', region, 'ANSWERED']]),
    ...(await judgeAnother(scene, viewer, open)),
  ]
}

/** A content url is good for one person in one role at one organisation. */
async function judgeAnother(
  scene: Scenario,
  viewer: Which,
  open: (who: Which) => Promise<Response>,
): Promise<readonly string[]> {
  const other = viewer === 0 ? 1 : 0
  const [one, another] = [scene.world.viewers[viewer], scene.world.viewers[other]]
  if (one.person === another.person && one.role === another.role && one.organisation === another.organisation) return []
  const opened = await open(other)
  await opened.body?.cancel()
  return findDifference('status for another viewer', opened.status, 404)
}
