import type { AskModel } from './model.ts'
import { publishScenario } from './publish-scenario.ts'
import { runDocuments } from './run-documents.ts'
import { runMutations } from './run-mutations.ts'
import { runPages } from './run-pages.ts'
import { runAliases, runWholeView } from './run-views.ts'
import { runWard } from './run-ward.ts'
import type { Scenario } from './scenario.ts'
import type { ScenarioSystem } from './scenario-system.ts'

/** Publishes a scene, makes its changes, asks all that it asks; what is wrong with the answers, in sentences. */
export async function runScenario(stage: ScenarioSystem, published: Scenario): Promise<readonly string[]> {
  await publishScenario(stage, published)
  const { scene, findings } = await runMutations(stage, published)
  const found = [...findings]
  for (const [index, ask] of scene.world.asks.flatMap((ask) => (stage.repeats ? repeat(ask) : [ask])).entries()) {
    stage.takeEvents()
    const play = { whole: runWholeView, ward: runWard, aliases: runAliases, pages: runPages, documents: runDocuments }[
      ask.shape
    ]
    found.push(
      ...(await play(stage, scene, ask)).map(
        (finding) => `Ask ${stage.repeats ? Math.floor(index / 3) : index}, by viewer ${ask.viewer}: ${finding}`,
      ),
    )
  }
  return found
}

/**
 * Asked by one viewer, by the other, and by the first again: nobody may be answered with what is kept for somebody
 * else.
 */
function repeat(ask: AskModel): readonly AskModel[] {
  return [ask, { ...ask, viewer: ask.viewer === 0 ? 1 : 0 }, ask]
}
