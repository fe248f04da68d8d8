import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { assert, constant, oneof, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import type { AccessEvent } from '../../gateway/audit/audit-event.ts'
import { boundEvent, boundText, mostTextBytes } from '../../gateway/audit/bound-event.ts'
import { listTrailFiles } from '../../gateway/audit/trail-files.ts'
import { accessEvent } from '../support/audit/access-event.ts'
import { readEvents } from '../support/audit/read-events.ts'
import { startSystem } from '../support/system.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

test('a text takes at most 256 bytes of JSON, and a longer one keeps its beginning, its length and its hash', () => {
  const texts = oneof(
    string({ unit: 'binary', maxLength: 300 }),
    constant('\u0000'.repeat(43)),
    constant('x'.repeat(257)),
  )
  assert(
    property(texts, (text) => {
      const bounded = boundText(text)
      const whole = Buffer.byteLength(JSON.stringify(text)) - 2
      expect(Buffer.byteLength(JSON.stringify(bounded)) - 2).toBeLessThanOrEqual(mostTextBytes)
      if (whole <= mostTextBytes) {
        expect(bounded).toBe(text)
        return
      }
      const [, kept = '?', length, hash] =
        /^(.*)… \(cut from (\d+) characters, sha256 ([0-9a-f]{64})\)$/s.exec(bounded) ?? []
      expect(text.startsWith(kept)).toBe(true)
      expect([length, hash]).toEqual([String(text.length), sha256(text)])
    }),
    { numRuns: 60 },
  )
})

test('the trail records an event with usual texts unchanged, and says how many entries of a long list it leaves out', () => {
  const usual = accessEvent({ supervisor: '555000000009' })
  expect(boundEvent(usual)).toEqual(usual)
  const rules = Array.from({ length: 100 }, (_, n) => `rule-${n}`)
  const { decision } = boundEvent(accessEvent({ decision: { code: 'PERMITTED', rules, policyVersion: '1' } }))
  expect(decision.rules).toEqual([...rules.slice(0, 63), '… (37 more)'])
})

test('a request for 50 patients with the longest texts writes less than 350 kB', async () => {
  await using system = await startSystem({ limited: false })
  // As long as a token's texts and a person's id may be (schema/token-texts.ts).
  const name256 = (letter: string) => letter.repeat(256)
  const [personId, supervisorId] = ['u'.repeat(255), '"'.repeat(255)]
  const token = await system.tokenOf({
    sub: 's'.repeat(255),
    name: name256('é'),
    nhsid_useruid: personId,
    nhsid_nrbac_roles: [
      { person_roleid: '1', role_code: 'R0260', role_name: name256('ø'), org_code: 'REM', org_name: name256('ö') },
    ],
  })
  const name = `Look${'k'.repeat(90_000)}`
  const numbers = Array.from({ length: 100 }, (_, n) => `999${String(n).padStart(6, '0')}`)
    .map(withCheckDigit)
    .filter((number) => number !== null)
    .slice(0, 50)
  const query = `query ${name}($numbers: [NHSNumber!]!, $supervisor: ID) { patients(nhsNumbers: $numbers, access: { relationship: REFERRED, supervisor: $supervisor }) { nhsNumber } }`
  const { errors } = await system.query(query, { numbers, supervisor: supervisorId }, token)
  expect(errors).toEqual([])
  const events = await readEvents(system, 'VIEW')
  expect(events).toHaveLength(100)
  const { operation, person, supervisor } = events[0] as AccessEvent
  expect(operation.name).toMatch(new RegExp(`^Lookk+… \\(cut from 90004 characters, sha256 ${sha256(name)}\\)$`))
  expect([person.id, person.name, supervisor]).toEqual([personId, boundText(name256('é')), boundText(supervisorId)])
  const files = await listTrailFiles(system.auditFolder, 'gateway')
  const sizes = await Promise.all(files.map(async ({ path }) => (await stat(path)).size))
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(350_000)
})

/** The NHS number that begins with these nine digits; null where none does. */
function withCheckDigit(digits: string): string | null {
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (10 - index), 0)
  const check = (11 - (sum % 11)) % 11
  return check === 10 ? null : `${digits}${check}`
}
