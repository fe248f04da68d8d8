import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decodeJwt } from 'jose'
import { afterAll, describe, expect, test } from 'vitest'
import { findOrganisationName, findOrganisationRegions } from '../../schema/organisations.ts'
import * as vocabulary from '../../subgraphs/demo/vocabulary/organisation.ts'
import { runProgram } from '../support/run-program.ts'

const folder = mkdtempSync(join(tmpdir(), 'token-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const token = (...args: readonly string[]) => runProgram('gateway/demo/token.ts', args, { DATA_DIR: folder })

describe('npm run token', () => {
  test('prints a token for a practice, with its name', async () => {
    await using running = token('--role', 'R0260', '--organisation', 'P81015')
    expect(await running.ended).toBe(0)
    const { nhsid_nrbac_roles: roles } = decodeJwt<{ nhsid_nrbac_roles: unknown[] }>(running.out().trim())
    expect(roles).toMatchObject([{ role_code: 'R0260', org_code: 'P81015', org_name: 'Moor Side Surgery, Ormskirk' }])
  })

  test.each([
    [['--roel', 'R0260'], /^Unknown option '--roel'/],
    [['--role', ''], /^--role: expected a value, found ""/],
    [['--role'], /^Option '--role <value>' argument missing/],
    [['R0260'], /^Unexpected argument 'R0260'/],
  ])('tells its usage where it cannot obey %j', async (args, first) => {
    await using running = token(...args)
    expect(await running.ended).toBe(2)
    expect(running.err()).toMatch(first)
    expect(running.err()).toContain('Usage: npm run token')
    expect(running.err()).not.toMatch(/^\s+at /m)
    expect(running.out()).toBe('')
  })
})

describe('the organisations of the demo', () => {
  test.each(Object.entries(vocabulary))('%s is in the table under its name, in a region', (_, { odsCode, name }) => {
    expect(findOrganisationName(odsCode)).toBe(name)
    expect(findOrganisationRegions(odsCode).length).toBeGreaterThan(0)
  })

  test('practices belong to the region of their area', () => {
    expect(findOrganisationRegions('P81015')).toEqual(['LANCASHIRE_SOUTH_CUMBRIA'])
    expect(findOrganisationRegions('N84012')).toEqual(['CHESHIRE_MERSEYSIDE'])
  })
})
