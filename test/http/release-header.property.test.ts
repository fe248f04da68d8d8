import { array, assert, boolean, constantFrom, option, property, record, string } from 'fast-check'
import { expect, test } from 'vitest'
import { type ContentRelease, parseContentRelease, printContentRelease } from '../../schema/content-release.ts'
import { releaseDecision } from '../support/patient-view/release-decision.ts'

const word = string({ unit: 'binary', minLength: 1, maxLength: 12 })
const release = record<ContentRelease>({
  nhsNumber: word,
  decision: record({
    code: constantFrom('PERMITTED', 'OVERRIDDEN', 'REFUSED_OPT_OUT'),
    rules: array(word, { maxLength: 3 }),
    policyVersion: word,
    grants: array(word, { maxLength: 2 }),
    permission: option(word),
    itemRules: array(word, { maxLength: 3 }),
    alert: boolean(),
  }),
})

test('a content decision passes through an HTTP header whole, in printable ASCII', () => {
  assert(
    property(release, (given) => {
      const printed = printContentRelease(given)
      expect(printed).toMatch(/^[ -~]*$/)
      expect(parseContentRelease(printed)).toEqual(given)
    }),
  )
})

test("the content decision's header holds only what the audit trail records", () => {
  const printed = printContentRelease({
    nhsNumber: '9990000018',
    decision: releaseDecision({ breakGlass: [{ barrier: 'OPT_OUT', reasons: ['EMERGENCY'] }] }),
  })
  expect(Object.keys(JSON.parse(printed).decision).sort()).toEqual([
    'alert',
    'code',
    'grants',
    'itemRules',
    'permission',
    'policyVersion',
    'rules',
  ])
})

test.each([
  undefined,
  ['{}'],
  '',
  'null',
  '{',
  '{"nhsNumber":"9990000018"}',
  printContentRelease({ nhsNumber: '1', decision: releaseDecision() }).replace('PERMITTED', 'MAYBE'),
])('the header %j is read as no decision', (value) => {
  expect(parseContentRelease(value)).toBeNull()
})
