import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type FaultySystem, startFaultySystem } from '../support/faults/faulty-system.ts'

const lpres = 'lancashire-south-cumbria'
const resilience = { retries: 1, pauseMs: 0, failuresInRow: 3, suspendMs: 5000, longestRetryAfterMs: 60_000 } as const
const people = ['9990000018', '9990000034', '9990000425', '9990000093', '9990000131']
const [large = ''] = people

let faulty: FaultySystem
beforeAll(async () => {
  faulty = await startFaultySystem({ settings: { [lpres]: { timeMs: 2500, resilience } } })
})
afterAll(() => faulty[Symbol.asyncDispose]())
beforeEach(() => faulty.regions[lpres].heal())

interface Patient {
  readonly completeness: {
    readonly message: string
    readonly regions: readonly { readonly status: string; readonly message: string }[]
  }
}

describe('a region whose reply about one patient exceeds the limit', () => {
  const answerTooMuchOf = (nhsNumber: string) =>
    faulty.regions[lpres].inject(async ({ body, response, storesAnswer }) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(body.includes(nhsNumber) ? ' '.repeat(17 * 1024 * 1024) : await storesAnswer())
    })
  const ward = async (): Promise<readonly Patient[]> => {
    const selection = '{ completeness { message regions { status message } } allergies { message nodes { id } } }'
    const { data, errors } = await faulty.ask(
      `query Q($n: [NHSNumber!]!) { patients(nhsNumbers: $n, access: { relationship: ATTENDING }, noCache: true) ${selection} }`,
      {
        n: people,
      },
    )
    expect(errors).toEqual([])
    return data.patients
  }

  test('a region with an oversized reply about one patient answers for the others, says so of this one, and is not suspended', {
    timeout: 30_000,
  }, async () => {
    const well = await ward()
    answerTooMuchOf(large)
    for (let times = 0; times < 4; times++) {
      const [first, ...others] = await ward()
      expect(others).toEqual(well.slice(1))
      expect(first?.completeness.regions.map(({ status }) => status)).toEqual([
        well[0]?.completeness.regions[0]?.status,
        'FAILED',
      ])
      expect(first?.completeness.message).toContain(
        "LPRES's answer was too large to read; what it holds is missing below; ask for less of it at a time.",
      )
      expect(first?.completeness.message).not.toContain('LPRES did not answer')
    }
    await faulty.regions[lpres].heal()
    expect(await ward()).toEqual(well)
  })
})

describe("a region that refuses a client's own argument", () => {
  test('a client learns the code and the alias of a refused argument, gets its other root field, and the region is not blamed', async () => {
    // As a region that has smaller pages than the gateway knows of.
    faulty.regions[lpres].inject(async ({ body, response, storesAnswer }) => {
      const alias = /gw_r_results_\w{32}(?=:)/.exec(body)?.[0]
      response.writeHead(200, { 'content-type': 'application/json' })
      const refusal = {
        message: 'Expected first to be at most 10.',
        path: ['gw_0', 'patients', 0, 'record', alias],
        extensions: { code: 'FIRST_OUT_OF_RANGE' },
      }
      response.end(alias ? JSON.stringify({ errors: [refusal], data: null }) : await storesAnswer())
    })
    const records = 'mine: records { ... on LancashireSouthCumbriaRecord { x: results(first: 50) { nodes { id } } } }'
    for (let times = 0; times < 5; times++) {
      const { errors } = await faulty.ask(
        `{ patient(nhsNumber: "${large}") { ${records} } other: patient(nhsNumber: "${large}") { presence } }`,
      )
      expect(errors).toMatchObject([
        {
          message: 'LPRES does not take the arguments of a field selected on records.',
          path: ['patient', 'mine'],
          extensions: { code: 'FIRST_OUT_OF_RANGE' },
        },
      ])
    }
    const { data } = await faulty.ask(`{ patient(nhsNumber: "${large}") { completeness { regions { status } } } }`)
    expect(data.patient.completeness.regions).toEqual([{ status: 'ANSWERED' }, { status: 'ANSWERED' }])
  })
})
