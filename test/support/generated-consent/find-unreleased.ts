import type { ExpectedRegion } from './expect-regions.ts'
import { toLifecycle } from './expect-section.ts'
import type { Which } from './model.ts'
import type { Scenario } from './scenario.ts'

/**
 * What an answer's text holds that no rule lets through, wherever it stands: words of a region's version, and
 * identifiers.
 */
export function findUnreleased(
  scene: Scenario,
  text: string,
  expectedOf: (patient: Which) => readonly ExpectedRegion[],
): readonly string[] {
  const marks = [...text.matchAll(/~(\d+)\.(\d)\.(\w+)\.(\w+)~/g)].filter(([, serial, patient, index, region]) => {
    const expected = expectedOf(Number(patient) as Which).find((one) => one.region === region)
    return (
      Number(serial) !== scene.serial ||
      !expected ||
      !isReleased(scene, expected, Number(patient) as Which, index ?? '')
    )
  })
  const identifiers = [...text.matchAll(/"(\d+)-([01])-(\d+)"/g)].filter(([, serial, patient, index]) => {
    const expected = expectedOf(Number(patient) as Which)
    return (
      Number(serial) !== scene.serial ||
      !expected.some((one) => isReleased(scene, one, Number(patient) as Which, index ?? ''))
    )
  })
  return [...new Set([...marks, ...identifiers].map(([found]) => `the text of the answer holds ${found}`))]
}

function isReleased(scene: Scenario, expected: ExpectedRegion, patient: Which, index: string): boolean {
  if (expected.status !== 'ANSWERED') return false
  if (index === 'who') return expected.ordinary('demographics') === 'release'
  const { items } = scene.world.patients[patient]
  const item = items[Number(index)]
  const version = item?.versions[expected.region]
  if (!item || !version || toLifecycle(items, Number(index), expected) === 'retracted') return false
  return expected.outcomeOf(item, version) === 'release'
}
