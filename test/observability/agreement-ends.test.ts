import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { createAgreementEndReader } from '../../gateway/consent/agreement-ends.ts'
import { loadPolicies } from '../../schema/policies/load-policies.ts'
import { loadTestRegions } from '../support/test-regions.ts'

/**
 * What is said of an agreement's end under each region's rules, with a part of the rules' text replaced; `more` are
 * further regions, with the rules of the first.
 */
function endsWhere(
  now: string,
  replace: (rules: string) => string = (rules) => rules,
  more: readonly string[] = [],
): readonly (string | null)[] {
  const folder = mkdtempSync(join(tmpdir(), 'agreements-'))
  try {
    cpSync(join(import.meta.dirname, '../../schema/policies'), folder, { recursive: true })
    const policies = loadTestRegions().map(({ code, slug }) => {
      const file = join(folder, slug, 'access.cedar')
      writeFileSync(file, replace(readFileSync(file, 'utf8')))
      return [code, loadPolicies({ slug }, { folder: pathToFileURL(`${folder}/`) })] as const
    })
    const further = more.flatMap((code) => policies.slice(0, 1).map(([, rules]) => [code, rules] as const))
    const endOf = createAgreementEndReader(new Map([...policies, ...further]), () => Date.parse(now))
    return policies.map(([code]) => toText(endOf(code)))
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const toText = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

describe('the end of the agreement between the regions', () => {
  // Midnight in London, in summer time.
  const end = '2031-03-31T23:00:00.000Z'

  test("the agreement ends the day after the last on which the other region's viewers may query", () => {
    expect(endsWhere('2026-11-27T12:00:00Z')).toEqual([end, end])
  })

  test("a change of the policies changes the agreement's end at once", () => {
    const [exchange, lpres] = endsWhere('2026-11-27T12:00:00Z', (rules) =>
      rules.replace('context.today < datetime("2031-04-01")', 'context.today < datetime("2027-01-15")'),
    )
    expect([exchange, lpres]).toEqual(['2027-01-15T00:00:00.000Z', '2027-01-15T00:00:00.000Z'])
  })

  test("the agreement's end is still shown after it has passed", () => {
    expect(endsWhere('2031-06-01T12:00:00Z')).toEqual([end, end])
  })

  test("the agreement's end is that of the lapsed one with a third region, although the one with the second continues", () => {
    const withThird = (rules: string) =>
      rules
        .replace(
          'when { principal.regions.contains("LANCASHIRE_SOUTH_CUMBRIA") && principal.group',
          'when { principal.regions.containsAny(["LANCASHIRE_SOUTH_CUMBRIA", "GREATER_MANCHESTER"]) && principal.group',
        )
        .replace(
          'unless { principal.regions.contains("CHESHIRE_MERSEYSIDE") }\nunless {',
          'unless { principal.regions.contains("CHESHIRE_MERSEYSIDE") }\nunless { principal.regions.contains("GREATER_MANCHESTER") && context.today < datetime("2026-07-01") }\nunless {',
        )
    const [before] = endsWhere('2026-05-01T12:00:00Z', withThird, ['GREATER_MANCHESTER'])
    const [lapsed] = endsWhere('2026-11-27T12:00:00Z', withThird, ['GREATER_MANCHESTER'])
    expect([before, lapsed]).toEqual(['2026-06-30T23:00:00.000Z', '2026-06-30T23:00:00.000Z'])
  })

  test('no end is shown for an agreement without one, nor for one renewed without one', () => {
    const forever = (rules: string) => rules.replace(' &&\n  context.today < datetime("2031-04-01")', '')
    expect(endsWhere('2026-11-27T12:00:00Z', forever)).toEqual([null, null])
    const renewed = (rules: string) =>
      rules.replace(
        'context.today < datetime("2031-04-01")',
        '(context.today < datetime("2031-04-01") || context.today >= datetime("2031-05-01"))',
      )
    expect(endsWhere('2031-06-01T12:00:00Z', renewed)).toEqual([null, null])
    expect(endsWhere('2030-06-01T12:00:00Z', renewed)).toEqual([end, end])
  })

  test('no end is shown before an agreement begins', () => {
    expect(endsWhere('2026-01-01T12:00:00Z')).toEqual([null, null])
  })
})
