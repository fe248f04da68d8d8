import { z } from 'zod'
import { type Environment, fraction, loadSettings, setting } from '../../schema/service/load-settings.ts'
import { type Mode, toMode } from '../../schema/service/mode.ts'

/** What the demo publishes into a store when it starts. */
export interface SeedSettings {
  /** Publishes the people of the stories. Never in production. */
  readonly people: boolean
  /** Size of the population as a part of the programme's; 0 is nobody. Always 0 in production. */
  readonly scale: number
}

/** The settings of the demo's stores beside those of every store; gateway/deploy/settings.md lists them. */
export const seedSettings = (mode: Mode) => ({
  DEMO_PEOPLE:
    mode === 'production'
      ? setting('no in production', z.literal('no').default('no'), peopleDocumentation)
      : setting('yes or no', z.enum(['yes', 'no']).default('no'), peopleDocumentation),
  DEMO_SCALE:
    mode === 'production'
      ? setting('0 in production', z.literal('0').default('0').transform(Number), scaleDocumentation)
      : setting('a number from 0 to 1', fraction.default(0), scaleDocumentation),
})

const peopleDocumentation = {
  description: "Whether the demo's people are published at the start; refused in production.",
  example: 'yes',
}
const scaleDocumentation = {
  description: "Size of the demo's population as a part of the programme's, 0 to 1; refused in production.",
  example: '0.01',
}

/** What the environment asks to be published; rejects with InvalidSettings. */
export async function loadSeedSettings(environment: Environment): Promise<SeedSettings> {
  const { DEMO_PEOPLE, DEMO_SCALE } = await loadSettings(environment, seedSettings(toMode(environment)))
  return { people: DEMO_PEOPLE === 'yes', scale: DEMO_SCALE }
}
