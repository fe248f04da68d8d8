import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { createBoundedMemo } from '../../schema/bounded-memo.ts'
import { explain } from '../../schema/policies/explain.ts'
import type { ReleaseClass } from '../../schema/policies/facts.ts'
import { loadPolicies } from '../../schema/policies/load-policies.ts'
import { PolicyFault } from '../../schema/policies/policy-fault.ts'
import { readRuleInputs } from '../../schema/policies/rule-inputs.ts'
import { StartupError } from '../../schema/service/startup-error.ts'
import { exchange, facts, lpres, noon, ofLpres } from '../support/consent/policy-cases.ts'

const slug = 'cheshire-merseyside'

/** A copy of the policies in which files can be changed; gone with the test. */
function copyPolicies() {
  const folder = mkdtempSync(join(tmpdir(), 'policies-'))
  cpSync(join(import.meta.dirname, '../../schema/policies'), folder, { recursive: true })
  return {
    write: (file: string, text: string) => writeFileSync(join(folder, file), text),
    append: (file: string, text: string) =>
      writeFileSync(join(folder, file), `${readFileSync(join(folder, file), 'utf8')}${text}`),
    load: (options = {}) => loadPolicies({ slug }, { ...options, folder: pathToFileURL(`${folder}/`) }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  }
}

function faultOf(load: () => unknown): PolicyFault {
  try {
    load()
  } catch (error) {
    if (error instanceof PolicyFault) return error
    throw error
  }
  throw new Error('expected a PolicyFault')
}

const head =
  '// Änderung – a comment whose letters are more bytes than characters\n@id("cm-new")\n@code("REFUSED_ROLE")\n@says("New.")\n'

describe('a wrong policy', () => {
  it.each([
    [
      'that names an unknown attribute',
      `${head}forbid (principal, action == Action::"Ask", resource)\nwhen { principal.shoeSize > 9 };\n`,
      6,
      /attribute `shoeSize`.*not found/,
    ],
    [
      'that names a value outside a closed list',
      `${head}forbid (principal, action == Action::"Ask", resource)\nwhen {\n  principal.group == RoleGroup::"clinicans"\n};\n`,
      7,
      /clinicans.*valid entity eids/,
    ],
    [
      'that reads an optional attribute without a presence check',
      `${head}forbid (principal, action == Action::"Release", resource)\nwhen { context.encounterDays > 90 };\n`,
      6,
      /optional attribute `encounterDays`/,
    ],
    ['that names an unknown action', `${head}forbid (principal, action == Action::"Peek", resource);\n`, 5, /Peek/],
    [
      'that is not Cedar',
      `${head}forbid (principal, action == Action::"Ask", resource) when { 1 = 2 };\n`,
      5,
      /not a valid operator/,
    ],
    [
      'that can never apply',
      `${head}forbid (principal, action == Action::"Ask", resource) when { false };\n`,
      2,
      /impossible/,
    ],
    [
      'without an id',
      '@code("REFUSED_ROLE")\n@says("New.")\nforbid (principal, action == Action::"Ask", resource);\n',
      1,
      /@id/,
    ],
    [
      'without plain words',
      '\n@id("cm-new")\n@code("REFUSED_ROLE")\nforbid (principal, action == Action::"Ask", resource);\n',
      2,
      /@says/,
    ],
    [
      'that refuses without a code',
      '@id("cm-new")\n@says("New.")\nforbid (principal, action == Action::"Ask", resource);\n',
      1,
      /expected @code/,
    ],
    [
      'with an unknown code',
      '@id("cm-new")\n@code("REFUSED_MOOD")\n@says("New.")\nforbid (principal, action == Action::"Ask", resource);\n',
      1,
      /@code/,
    ],
    [
      'on items, without a disclosure',
      '@id("cm-new")\n@says("New.")\nforbid (principal, action == Action::"ReleaseItem", resource);\n',
      1,
      /@tells/,
    ],
    [
      'that gives a grant without an end',
      '@id("cm-new")\n@says("New.")\npermit (principal, action == Action::"BreakGlass", resource);\n',
      1,
      /@lasts/,
    ],
    [
      'that names no action',
      '@id("cm-new")\n@code("REFUSED_ROLE")\n@says("New.")\nforbid (principal, action, resource);\n',
      1,
      /action to be named/,
    ],
    [
      'with an annotation that nothing reads',
      `${head.replace('@says', '@sayz')}forbid (principal, action == Action::"Ask", resource);\n`,
      2,
      /sayz/,
    ],
    [
      'with an id that another policy has',
      '@id("cm-agreement")\n@code("REFUSED_ROLE")\n@says("New.")\nforbid (principal, action == Action::"Ask", resource);\n',
      1,
      /id of its own.*access\.cedar:24/,
    ],
  ])('a process does not start with a policy %s', (_sentence, text, line, reason) => {
    using policies = copyPolicies()
    policies.write(`${slug}/new.cedar`, text)
    const fault = faultOf(policies.load)
    expect(fault).toMatchObject({
      code: 'POLICY_FAULT',
      file: `${slug}/new.cedar`,
      line,
      reason: expect.stringMatching(reason),
    })
    expect(fault.message).toBe(`${fault.file}:${line}: ${fault.reason}`)
    expect(fault).toBeInstanceOf(StartupError)
  })

  it('a process does not start with a wrong schema, with unusable settings, or with a folder without policies', () => {
    using policies = copyPolicies()
    policies.append('consent.cedarschema', '\nentity Broken {\n  x: Strng,\n};\n')
    expect(faultOf(policies.load)).toMatchObject({
      file: 'consent.cedarschema',
      reason: expect.stringContaining('Strng'),
    })
    using others = copyPolicies()
    others.write(
      `${slug}/settings.json`,
      '{ "notice": "x", "cache": { "listsSeconds": 0, "staticDocumentsSeconds": 1 } }',
    )
    expect(others.load).toThrow(/listsSeconds/)
    expect(() => loadPolicies({ slug: 'nowhere' })).toThrow(/nowhere/)
  })
})

describe('loaded policies', () => {
  it('a change to any policy text changes the version of the policies', () => {
    using policies = copyPolicies()
    expect(policies.load().version).toBe(exchange.version)
    expect(exchange.version).toMatch(/^[0-9a-f]{12}$/)
    expect(exchange.version).not.toBe(lpres.version)
    policies.append(`${slug}/items.cedar`, '// a comment\n')
    expect(policies.load().version).not.toBe(exchange.version)
  })

  it('every policy id has a rule in plain words, and a line of a file', () => {
    for (const { rules } of [exchange, lpres]) {
      for (const { says, file, line, text } of rules) {
        expect(says).toMatch(/^[A-Ze].*\.$/)
        expect(
          readFileSync(join(import.meta.dirname, '../../schema/policies', file), 'utf8').split('\n')[line - 1],
        ).toBe(text.split('\n')[0])
      }
    }
  })

  it('policies compare with literals only, so that few facts distinguish decisions', () => {
    for (const { rules } of [exchange, lpres]) expect(readRuleInputs(rules)).not.toBeNull()
  })

  it('the policies have an explanation for typical viewers and patients', () => {
    const text = explain('e-Xchange', exchange, noon)
    expect(text).toContain(
      '    consultant, Liverpool: PERMISSION_REQUIRED (cm-permission); glass may be broken for PERMISSION: EMERGENCY, PUBLIC_INTEREST, STATUTE\n',
    )
    expect(text).toContain('very restricted report (cm-very-restricted)')
  })
})

describe('an error while deciding', () => {
  // Cedar skips a forbid whose condition errs: here by adding what no number can hold.
  const overflowing = 'when { context has encounterDays && context.encounterDays + 9223372036854775807 > 0 };\n'

  it('a policy error denies access, and the operator sees it while the viewer does not', () => {
    using policies = copyPolicies()
    policies.append(
      `${slug}/release.cedar`,
      `\n${head}forbid (principal, action == Action::"Release", resource)\n${overflowing}`,
    )
    const errors: string[] = []
    const region = policies.load({ onError: (reason: string) => errors.push(reason) })
    expect(exchange.decideRelease(facts()).code).toBe('PERMITTED')
    expect(region.decideRelease(facts())).toMatchObject({ code: 'REFUSED_ROLE', rules: [] })
    expect(region.decideBreakGlass(facts(), 'CONFIDENTIALITY', 'EMERGENCY').granted).toBe(false)
    expect(errors).toEqual([expect.stringMatching(/^Release: .*overflow/)])
  })

  it('a policy error leaves an item out without disclosing it', () => {
    using policies = copyPolicies()
    policies.append(
      `${slug}/items.cedar`,
      `\n@id("cm-new")\n@tells("withheld")\n@says("New.")\nforbid (principal, action == Action::"ReleaseItem", resource)\n${overflowing}`,
    )
    expect(policies.load().decideItems(facts(), [{ section: 'problems' }])).toMatchObject([{ outcome: 'hidden' }])
  })

  it('a fact of the wrong type denies access as a policy error does', () => {
    const errors: string[] = []
    const region = loadPolicies({ slug }, { onError: (reason) => errors.push(reason) })
    expect(region.decideItems(facts(), [{ section: 'gossip' as ReleaseClass['section'] }])).toMatchObject([
      { outcome: 'hidden' },
    ])
    expect(errors).toHaveLength(1)
  })
})

describe('cached decisions', () => {
  it('facts that no rule reads reuse the cached decision', () => {
    // A section that Cedar does not know is an error each time that Cedar is asked, and so counts how often it is.
    const errors: string[] = []
    const region = loadPolicies({ slug }, { onError: (reason) => errors.push(reason) })
    const ask = (kind: Partial<ReleaseClass>, organisation = 'REM') =>
      region.decideItems(facts({ organisation }), [{ ...kind, section: 'gossip' as ReleaseClass['section'] }])
    ask({ types: ['1', '2'], labels: ['N', 'ETH'], source: 'RBL' })
    ask({ types: ['3'], labels: ['ETH'], source: 'RJR' }, 'RET')
    expect(errors).toHaveLength(1)
    ask({ labels: ['R'] })
    ask({ labels: ['R', 'N'] })
    expect(errors).toHaveLength(2)
  })

  it('the decision cache holds a bounded number, and evicts the least recently used', () => {
    const made: string[] = []
    const remember = createBoundedMemo<string>(2)
    for (const key of ['a', 'b', 'a', 'c', 'b', 'a']) {
      remember(key, () => {
        made.push(key)
        return key
      })
    }
    expect(made).toEqual(['a', 'b', 'c', 'b', 'a'])
  })

  it('facts that the rules can distinguish have separate cached decisions', () => {
    expect(exchange.decideRelease(facts({ patient: { permissionUntilMs: noon } })).code).toBe('PERMISSION_REQUIRED')
    expect(exchange.decideRelease(facts({ patient: { permissionUntilMs: noon + 1 } })).code).toBe('PERMITTED')
    expect(
      lpres.decideItems(facts({ ...ofLpres, reason: 'SAFEGUARDING', patient: { age: 3 } }), [
        { section: 'alerts', labels: ['SDV'] },
      ]),
    ).toMatchObject([{ outcome: 'release' }])
    expect(
      lpres.decideItems(facts({ ...ofLpres, patient: { age: 3 } }), [{ section: 'alerts', labels: ['SDV'] }]),
    ).toMatchObject([{ outcome: 'hidden' }])
  })
})
