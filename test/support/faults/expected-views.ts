import type { System } from '../system.ts'
import type { ExpectedViews } from './find-violations.ts'
import { type MixedView, mixedFragment } from './mixed-view.ts'

/** Whoever asks in the mixed run. */
export interface MixedViewer {
  readonly person: string
  readonly token: string
}

export interface ExpectedPatient extends ExpectedViews {
  /** Null where nothing that is shown states one. */
  readonly birthDate: string | null
}

/** What each viewer is shown of each patient by a gateway for which nothing fails; asked once. */
export function createExpectations(
  system: System,
): (viewer: MixedViewer, nhsNumber: string) => Promise<ExpectedPatient> {
  const known = new Map<string, Promise<ExpectedPatient>>()
  const codes = system.regions.map(({ code }) => code)
  const query = `query Expected($n: NHSNumber!, $birthDate: PartialDateTime, $regions: [RegionCode!]) { patient(nhsNumber: $n, birthDate: $birthDate, regions: $regions) { ...View } } ${mixedFragment}`
  const ask = async (
    { token }: MixedViewer,
    nhsNumber: string,
    birthDate: string | null,
    regions: readonly string[] | null,
  ): Promise<MixedView> => {
    const { data, errors } = await system.query(query, { n: nhsNumber, birthDate, regions }, token)
    if (errors.length > 0) throw new Error('Expected no errors where nothing fails')
    return data.patient
  }
  const expect = async (viewer: MixedViewer, nhsNumber: string): Promise<ExpectedPatient> => {
    const birthDate = (await ask(viewer, nhsNumber, null, null)).demographics?.birthDate ?? null
    const both = await ask(viewer, nhsNumber, birthDate, null)
    const alone = new Map<string, MixedView>()
    for (const code of codes) alone.set(code, await ask(viewer, nhsNumber, birthDate, [code]))
    return { both, alone, birthDate }
  }
  return (viewer, nhsNumber) => {
    const key = `${viewer.person} ${nhsNumber}`
    const expected = known.get(key) ?? expect(viewer, nhsNumber)
    known.set(key, expected)
    return expected
  }
}
