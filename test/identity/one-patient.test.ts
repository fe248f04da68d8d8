import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { numberOf, patient, publication } from '../support/store/publications.ts'
import { type System, startSystem } from '../support/system.ts'

describe('one patient, and no other', () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem({ people: true })
  })
  afterAll(() => system[Symbol.asyncDispose]())
  const ask = async (args: string) => {
    const { data, errors } = await system.query(
      `{ patient(${args}) { nhsNumber askedNhsNumber presence demographics { birthDate } problems { nodes { id } } allergies { nodes { id } } completeness { message regions { status } } } }`,
    )
    expect(errors).toEqual([])
    return data.patient
  }
  const statuses = ({ completeness }: { completeness: { regions: readonly { status: string }[] } }) =>
    completeness.regions.map(({ status }) => status)

  test("the view shows no record when the regions' birth dates differ, and its message requests the birth date", async () => {
    const view = await ask('nhsNumber: "9990000247"')
    expect(view).toMatchObject({
      presence: 'UNDETERMINED',
      demographics: null,
      problems: { nodes: [] },
      allergies: { nodes: [] },
    })
    expect(statuses(view)).toEqual(['IDENTITY_MISMATCH', 'IDENTITY_MISMATCH'])
    expect(view.completeness.message).toMatch(
      /LPRES's record bears another NHS number or birth date; nothing of it is shown\..* ask again with the patient's birth date\.$/,
    )
  })

  test("the viewer's birth date decides which of two differing records is shown", async () => {
    const view = await ask('nhsNumber: "9990000247", birthDate: "1967-04-18"')
    expect(view).toMatchObject({
      demographics: { birthDate: '1967-04-18' },
      problems: { nodes: [{}] },
      allergies: { nodes: [] },
    })
    expect(statuses(view)).toEqual(['ANSWERED', 'IDENTITY_MISMATCH'])
    expect(statuses(await ask('nhsNumber: "9990000247", birthDate: "1967-05-18"'))).toEqual([
      'IDENTITY_MISMATCH',
      'IDENTITY_MISMATCH',
    ])
  })

  test('a partly known birth date that both records could have does not make them one patient', async () => {
    const view = await ask('nhsNumber: "9990000247", birthDate: "1967-04"')
    expect(statuses(view)).toEqual(['IDENTITY_MISMATCH', 'IDENTITY_MISMATCH'])
    expect(view.completeness.message).toContain("ask again with the patient's birth date")
  })

  test('a superseded number finds the record of its successor, and the answer says so', async () => {
    const view = await ask('nhsNumber: "9990009007"')
    expect(view).toMatchObject({ askedNhsNumber: '9990009007', nhsNumber: '9990000255', presence: 'FOUND' })
    expect(statuses(view)).toEqual(['ANSWERED', 'ANSWERED'])
  })

  test('the view treats records with different successor numbers as two people', async () => {
    await system
      .store('cheshire-merseyside')
      .publish([publication({ patients: [patient(301, { supersedes: [numberOf(300)] })] })])
    await system
      .store('lancashire-south-cumbria')
      .publish([publication({ patients: [patient(302, { supersedes: [numberOf(300)] })] })])
    const view = await ask(`nhsNumber: "${numberOf(300)}"`)
    expect(view).toMatchObject({ nhsNumber: numberOf(300), presence: 'UNDETERMINED' })
    expect(statuses(view)).toEqual(['IDENTITY_MISMATCH', 'IDENTITY_MISMATCH'])
  })
})
