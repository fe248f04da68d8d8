import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anyWorld, worldOfLikeViewers } from '../support/generated-consent/any-world.ts'
import { londonDay } from '../support/generated-consent/calendar.ts'
import type { World } from '../support/generated-consent/model.ts'
import { runScenario } from '../support/generated-consent/run-scenario.ts'
import { createScenarios } from '../support/generated-consent/scenario.ts'
import { type ScenarioSystem, startScenarioSystem } from '../support/generated-consent/scenario-system.ts'

// CASES=10000 npx vitest run test/consent/generated-worlds.property.test.ts; with the SEED and the PATH_TO of a
// failure, that one again.
const all = Number(process.env.CASES ?? 80)
const again =
  process.env.SEED === undefined ? null : { seed: Number(process.env.SEED), path: process.env.PATH_TO ?? '' }
const mostFindings = 12

// What so many cases never leave out.
const expected = [
  ...['CHESHIRE_MERSEYSIDE', 'LANCASHIRE_SOUTH_CUMBRIA'].flatMap((region) =>
    ['ANSWERED PERMITTED', 'REFUSED REFUSED_AGREEMENT', 'release an item', 'withheld an item', 'hidden an item'].map(
      (what) => `${region}: ${what}`,
    ),
  ),
  ...[
    'like an unknown number: NOT_KNOWN',
    'like an unknown number: RELATIONSHIP_REQUIRED',
    'permission: DONE',
    'glass: REFUSED',
  ],
  ...['page 0', 'content opened', 'document found by its id', 'document kept back by its id'],
]

describe.each([
  { keepsReplies: false, worlds: anyWorld, numRuns: Math.ceil(all * 0.8), always: expected },
  {
    keepsReplies: true,
    worlds: worldOfLikeViewers,
    numRuns: Math.ceil(all * 0.2),
    always: ['from CACHE', 'from REGION'],
  },
])(
  'generated patients, held by both regions, queried by generated viewers (replies kept: $keepsReplies)',
  ({ keepsReplies, worlds, numRuns, always }) => {
    let stage: ScenarioSystem
    beforeAll(async () => {
      stage = await startScenarioSystem({ keepsReplies })
    })
    afterAll(() => stage[Symbol.asyncDispose]())

    test(
      'every answer shows exactly what the consent oracle allows, and the audit trail records each access',
      async () => {
        const toScene = createScenarios()
        const play = async (world: World): Promise<readonly string[]> => {
          const scene = toScene(world)
          const findings = await runScenario(stage, scene)
          // Midnight in London moves every number of days.
          return londonDay(Date.now()) === scene.today ? findings : play(world)
        }
        const isAsTheOracleSays = fc.asyncProperty(worlds, async (world) => {
          const findings = await play(world)
          if (findings.length > 0) throw new Error(findings.slice(0, mostFindings).join('\n'))
        })
        await fc.assert(isAsTheOracleSays, { numRuns, unbiased: true, ...again })
        if (!again && all >= 200) expect([...stage.tally.counts.keys()]).toEqual(expect.arrayContaining(always))
      },
      300_000 + numRuns * 2_000,
    )
  },
)
