import { hash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { exclusionSetsVersion, toExclusionSets } from '../../schema/exclusion-sets.ts'
import { procedures } from '../../subgraphs/demo/codes/care.ts'
import { problems } from '../../subgraphs/demo/codes/problems.ts'
import { isSnomedConcept } from '../support/publishing/is-snomed-concept.ts'

interface Table {
  readonly [name: string]: { readonly referenceSet: string; readonly codes: Readonly<Record<string, string>> }
}
const { $comment: _, ...table }: Table = JSON.parse(
  readFileSync(new URL('../../schema/exclusion-sets.json', import.meta.url), 'utf8'),
)
const codesOf = (concept: { readonly coding?: readonly { readonly code: string }[] }) =>
  (concept.coding ?? []).map(({ code }) => code)

describe('the exclusion sets', () => {
  test('the exclusion sets hold SNOMED CT concepts with valid check digits, each in one set', () => {
    const codes = Object.values(table).flatMap(({ referenceSet, codes: members }) => [
      referenceSet,
      ...Object.keys(members),
    ])
    expect(codes.length).toBeGreaterThan(25)
    expect(codes.filter((code) => !isSnomedConcept(code))).toEqual([])
  })

  test.each([
    ['GENDER', problems.genderDysphoria],
    ['FERTILITY', procedures.fertilisation],
    ['FERTILITY', problems.ivfPregnancy],
    ['TERMINATION', procedures.termination],
    ['STI', problems.chlamydia],
  ])("the set %s contains the demo's code for it: $text", (name, concept) => {
    expect(toExclusionSets(codesOf(concept))).toEqual([name])
  })

  test('several codes name each exclusion once, in a fixed order, and ordinary codes name none', () => {
    const codes = [
      problems.asthma,
      problems.chlamydia,
      procedures.termination,
      procedures.fertilisation,
      problems.ivfPregnancy,
    ].flatMap(codesOf)
    expect(toExclusionSets(codes)).toEqual(['FERTILITY', 'TERMINATION', 'STI'])
    expect(toExclusionSets(codes.toReversed())).toEqual(['FERTILITY', 'TERMINATION', 'STI'])
    expect(toExclusionSets(codesOf(problems.asthma))).toEqual([])
    expect(toExclusionSets(['not a code', '__proto__'])).toEqual([])
  })

  test('any edit of the table changes the version of the exclusion sets', () => {
    expect(exclusionSetsVersion).toBe(hash('sha256', JSON.stringify(table), 'base64url'))
  })
})
