import { expectRegions, isProtected, type PatientQuestion } from './expect-regions.ts'
import type { AskModel, Which } from './model.ts'
import type { Scenario } from './scenario.ts'
import type { ScenarioSystem } from './scenario-system.ts'
import { toFilterVariables } from './sections.ts'

/** Both patients' and the unknown number's questions of one ask. */
export function questionsOf(scene: Scenario, { viewer, filters, regions: asked }: AskModel) {
  const of = (patient: Which | null): PatientQuestion => {
    const expected = expectRegions(scene, { viewer, patient }, asked)
    // Who published what is a place.
    return {
      viewer,
      patient,
      filters: isProtected(expected) ? { ...filters, documentOrganisations: null } : filters,
      expected,
    }
  }
  return { 0: of(0), 1: of(1), unknown: of(null) }
}

/** Asks with the variables of one ask; throws where the answer has errors, for none of these asks is wrong. */
export async function request(
  stage: ScenarioSystem,
  scene: Scenario,
  { viewer, filters, regions: asked }: AskModel,
  text: string,
  variables: Readonly<Record<string, unknown>>,
) {
  const answer = await stage.ask(scene, viewer, text, {
    first: 100,
    regions: asked,
    ...toFilterVariables(filters),
    ...variables,
  })
  if (answer.errors.length > 0) throw new Error(JSON.stringify(answer.errors))
  return answer
}
