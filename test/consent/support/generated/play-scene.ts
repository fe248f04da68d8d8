import type { AskModel } from './model.ts'
import { playChanges } from './play-changes.ts'
import { playDocuments } from './play-documents.ts'
import { playPages } from './play-pages.ts'
import { playAliases, playWhole } from './play-views.ts'
import { playWard } from './play-ward.ts'
import { publishScene } from './publish-scene.ts'
import type { Scene } from './scene.ts'
import type { Stage } from './stage.ts'

/** Publishes a scene, makes its changes, asks all that it asks; what is wrong with the answers, in sentences. */
export async function playScene(stage: Stage, published: Scene): Promise<readonly string[]> {
  await publishScene(stage, published)
  const { scene, findings } = await playChanges(stage, published)
  const found = [...findings]
  for (const [index, ask] of scene.world.asks.flatMap((ask) => (stage.repeats ? repeat(ask) : [ask])).entries()) {
    stage.takeEvents()
    const play = { whole: playWhole, ward: playWard, aliases: playAliases, pages: playPages, documents: playDocuments }[ask.shape]
    found.push(...(await play(stage, scene, ask)).map((finding) => `Ask ${stage.repeats ? Math.floor(index / 3) : index}, by viewer ${ask.viewer}: ${finding}`))
  }
  return found
}

/** Asked by one viewer, by the other, and by the first again: nobody may be answered with what is kept for somebody else. */
function repeat(ask: AskModel): readonly AskModel[] {
  return [ask, { ...ask, viewer: ask.viewer === 0 ? 1 : 0 }, ask]
}
