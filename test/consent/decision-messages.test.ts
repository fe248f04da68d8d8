import { describe, expect, test } from 'vitest'
import type { RegionStatus } from '../../schema/generated/patient-view.ts'
import type * as Region from '../../schema/generated/region.ts'
import { type ConsentQuestion, inRole, nhsNumber, viewAs, viewer } from '../support/consent/view-as.ts'

const emergency = { barrier: 'PERMISSION', reasons: ['EMERGENCY'] } as const
const confidentiality = { barrier: 'CONFIDENTIALITY', reasons: ['EMERGENCY'] } as const
const mayBreak = 'You may break the glass for a reason that e-Xchange takes; this is reviewed.'

describe("a region's consent decision in the answer", () => {
  test.each<[Region.ReleaseCode, RegionStatus, string]>([
    ['PERMITTED', 'ANSWERED', 'e-Xchange answered.'],
    [
      'OVERRIDDEN',
      'ANSWERED',
      "e-Xchange answered. e-Xchange's part is shown because the glass was broken; this is reviewed.",
    ],
    [
      'PERMISSION_REQUIRED',
      'PERMISSION_REQUIRED',
      "e-Xchange asks for the patient's permission to view before it shows anything.",
    ],
    [
      'RELATIONSHIP_REQUIRED',
      'RELATIONSHIP_REQUIRED',
      'e-Xchange asks for a legitimate relationship with the patient before it shows anything.',
    ],
    ['REFUSED_PURPOSE', 'REFUSED', 'e-Xchange does not share for this purpose of use.'],
    ['REFUSED_AGREEMENT', 'REFUSED', 'No agreement lets e-Xchange share this with you.'],
    ['REFUSED_ROLE', 'REFUSED', 'e-Xchange does not share this with your role.'],
    ['REFUSED_SELF', 'REFUSED', 'e-Xchange shows nobody their own record.'],
    ['REFUSED_OPT_OUT', 'REFUSED', 'The patient has opted out of sharing what e-Xchange holds.'],
  ])('the decision %s gives the region the status %s and a message', async (code, status, message) => {
    const { completeness, presence } = await viewAs({
      exchange: { decision: { code, rules: ['a-rule'], policyVersion: '7' } },
    })
    const isAnswered = status === 'ANSWERED'
    expect(completeness.regions[0]).toMatchObject({
      status,
      message,
      decision: { code, rules: ['a-rule'], policyVersion: '7', grant: null, breakGlass: [] },
    })
    expect([completeness.complete, presence]).toEqual([isAnswered, 'FOUND'])
    expect(completeness.message.includes(message)).toBe(!isAnswered)
  })

  test('a refusing region shows nothing, whatever else it sent', async () => {
    for (const code of ['REFUSED_OPT_OUT', 'PERMISSION_REQUIRED', 'RELATIONSHIP_REQUIRED'] as const) {
      const { sections, records, completeness } = await viewAs({
        exchange: { decision: { code }, hasRecord: true },
        lpres: { hasRecord: false },
      })
      expect(records).toEqual([])
      expect(completeness.regions[0]?.asOf).toBeNull()
      expect(sections[0]?.answers.map(({ answer, withheld }) => [answer, withheld])).toEqual([
        ['WITHHELD', true],
        ['NOT_KNOWN', false],
      ])
    }
  })

  test('a viewer sees which barriers may be broken, and for which reasons', async () => {
    for (const code of ['PERMISSION_REQUIRED', 'REFUSED_OPT_OUT'] as const) {
      const { completeness } = await viewAs({ exchange: { decision: { code, breakGlass: [emergency] } } })
      expect(completeness.regions[0]?.decision?.breakGlass).toEqual([emergency])
      expect(completeness.regions[0]?.message.endsWith(mayBreak)).toBe(true)
      expect(completeness.message.endsWith(mayBreak)).toBe(true)
    }
  })

  test('a complete answer marks broken glass and names its grant', async () => {
    const { completeness } = await viewAs({
      exchange: { decision: { code: 'OVERRIDDEN', grants: ['grant-1', 'grant-2'] } },
    })
    expect(completeness.complete).toBe(true)
    expect(completeness.message).toBe(
      "Complete: e-Xchange and LPRES answered. e-Xchange's part is shown because the glass was broken; this is reviewed.",
    )
    expect(completeness.regions.map(({ decision }) => decision?.grant)).toEqual(['grant-1', null])
  })
})

describe('what the answer discloses of a decision', () => {
  test('the answer omits what a decision holds for the audit trail and the cache', async () => {
    const { completeness } = await viewAs({
      exchange: {
        decision: { breakGlass: [confidentiality], permission: 'permission-1', itemRules: ['silent'], alert: true },
      },
    })
    expect(completeness.regions[0]?.decision).toStrictEqual({
      code: 'PERMITTED',
      rules: [],
      policyVersion: '1',
      grant: null,
      breakGlass: [confidentiality],
    })
    expect(JSON.stringify(completeness)).not.toMatch(/silent|permission-1|alert|standsForMs|cacheable/)
  })

  test('the answer is the same whether or not undisclosed rules or barriers that stand for everyone apply', async () => {
    const { completeness, sections } = await viewAs({ exchange: { decision: { breakGlass: [confidentiality] } } })
    const silent = await viewAs({
      exchange: {
        decision: {
          breakGlass: [confidentiality],
          itemRules: ['cm-sealed', 'cm-fertility'],
          cacheable: false,
          standsForMs: 5,
        },
      },
    })
    expect(silent.completeness).toEqual(completeness)
    expect(silent.sections).toEqual(sections)
    expect(completeness.message).toBe('Complete: e-Xchange and LPRES answered.')
  })

  test('a number never seen and a patient who must look unknown get the same answer', async () => {
    const unknown: ConsentQuestion['exchange'] = {
      hasRecord: false,
      decision: { rules: ['cm-relationship-claimed'], alert: true },
    }
    const concealed: ConsentQuestion['exchange'] = {
      hasRecord: false,
      decision: { rules: ['cm-relationship-known'], itemRules: ['cm-dead'], permission: 'p', breakGlass: [emergency] },
    }
    const [one, other] = [
      await viewAs({ exchange: unknown, fields: ['allergies', 'demographics'] }),
      await viewAs({ exchange: concealed, fields: ['allergies', 'demographics'] }),
    ]
    const told = ({ completeness, sections, presence, demographics, nhsNumber }: typeof one) => ({
      completeness,
      sections,
      presence,
      demographics,
      nhsNumber,
    })
    expect(told(other)).toStrictEqual(told(one))
    expect(one.completeness.regions[0]).toMatchObject({ status: 'NOT_KNOWN', decision: null })
    expect(one.completeness.complete).toBe(true)
  })

  test('the answer says that items are withheld, and that the glass may be broken for them where it may', async () => {
    const withheld = "Some of this is withheld by e-Xchange's sharing rules."
    expect((await viewAs({ exchange: { withheld: true } })).completeness).toMatchObject({
      complete: false,
      message: withheld,
    })
    const { completeness } = await viewAs({ exchange: { withheld: true, decision: { breakGlass: [confidentiality] } } })
    expect(completeness.message).toBe(
      `${withheld} For very restricted content you may break the glass for a reason that e-Xchange takes; this is reviewed.`,
    )
  })

  test('withheld demographics make a view incomplete only when the query requests them', async () => {
    const lpres = { demographicsWithheld: true }
    const asked = await viewAs({ lpres, fields: ['demographics', 'allergies'] })
    expect(asked.completeness).toMatchObject({
      complete: false,
      message: "Some of this is withheld by LPRES's sharing rules.",
    })
    expect((await viewAs({ lpres })).completeness).toMatchObject({
      complete: true,
      message: 'Complete: e-Xchange and LPRES answered.',
    })
  })
})

describe('a region whose access rules refuse', () => {
  test.each<[string, ConsentQuestion, readonly (readonly [RegionStatus, string, number])[]]>([
    [
      "another region's pharmacist, by the agreement",
      { holder: viewer(inRole('R1290', 'RXN')) },
      [
        ['REFUSED', 'REFUSED_AGREEMENT', 0],
        ['ANSWERED', 'PERMITTED', 1],
      ],
    ],
    [
      'a student, supervised or not',
      { holder: viewer(inRole('R8004', 'RX7')), context: { supervisor: '555000000009' } },
      [
        ['REFUSED', 'REFUSED_ROLE', 0],
        ['ANSWERED', 'PERMITTED', 1],
      ],
    ],
    [
      'a student who gives their own id as their supervisor',
      { holder: viewer(inRole('R8004', 'RX7')), context: { supervisor: viewer().id } },
      [
        ['REFUSED', 'REFUSED_ROLE', 0],
        ['REFUSED', 'REFUSED_ROLE', 0],
      ],
    ],
    [
      'a token limited to research',
      { holder: viewer({ purpose: 'RESEARCH' }) },
      [
        ['REFUSED', 'REFUSED_PURPOSE', 0],
        ['REFUSED', 'REFUSED_PURPOSE', 0],
      ],
    ],
    [
      'a token limited to emergencies, asked for direct care',
      { holder: viewer({ purpose: 'EMERGENCY' }) },
      [
        ['REFUSED', 'REFUSED_PURPOSE', 0],
        ['REFUSED', 'REFUSED_PURPOSE', 0],
      ],
    ],
    [
      'nobody in an emergency',
      { holder: viewer({ purpose: 'EMERGENCY' }), context: { purpose: 'EMERGENCY' } },
      [
        ['ANSWERED', 'PERMITTED', 1],
        ['ANSWERED', 'PERMITTED', 1],
      ],
    ],
  ])('a region is not called when its access rules refuse: %s', async (_, question, expected) => {
    const { completeness, calls } = await viewAs(question)
    expect(
      completeness.regions.map(({ region, status, decision }) => [status, decision?.code, calls[region.code]]),
    ).toEqual(expected)
    for (const { status, latencyMs, decision } of completeness.regions) {
      if (status === 'REFUSED') expect([latencyMs, decision?.rules.length]).toEqual([null, 1])
    }
  })
})

describe('a patient whom one region flags', () => {
  const demographics: Region.Demographics = {
    name: null,
    birthDate: null,
    deceased: false,
    deceasedAt: null,
    gender: 'FEMALE',
    address: { lines: ['1 Road'], city: 'Preston', postcode: null },
    telecom: [{ system: 'phone', value: '01632 960000', use: null }],
    gpPractice: { odsCode: 'P81001', name: 'Preston Surgery' },
    identifier: null,
    version: null,
    lastUpdated: null,
    organisation: { odsCode: 'RXN', name: 'Preston' },
    recordedAt: '2026-01-01T00:00:00Z',
  }

  test.each<[string, ConsentQuestion['exchange']]>([
    ['conceals', { hasRecord: false }],
    ['refuses', { decision: { code: 'REFUSED_OPT_OUT' } }],
    ['shows', {}],
  ])("no region's answer names an address or a location when the flagging region %s the record", async (_, reply) => {
    const ask = (sensitive: boolean) =>
      viewAs({ exchange: { ...reply, sensitive }, lpres: { demographics }, fields: ['demographics'] })
    expect((await ask(false)).demographics).toMatchObject({
      locationProtected: false,
      gpPractice: { name: 'Preston Surgery' },
    })
    const flagged = await ask(true)
    expect(flagged.demographics).toMatchObject({
      locationProtected: true,
      gender: 'FEMALE',
      address: null,
      gpPractice: null,
    })
    expect(JSON.stringify(flagged.demographics)).not.toMatch(/Preston|RXN|P81001|01632/)
    expect(flagged.nhsNumber).toBe(nhsNumber)
  })
})
