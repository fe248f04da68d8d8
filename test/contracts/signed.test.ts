import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createContentTickets } from '../../gateway/documents/content-tickets.ts'
import { createIdSealer } from '../../gateway/opaque-tokens/id-sealer.ts'
import { createCursorCodec, type TimelinePositions } from '../../gateway/patient-view/timeline-cursor.ts'
import { createReviewCursorCodec } from '../../gateway/privacy-officer/review-cursor.ts'
import { createTokenVerifier, type TokenHolder } from '../../schema/access-token.ts'
import { createAssertionVerifier, signAssertion } from '../../schema/assertion.ts'
import { exclusionSetsVersion } from '../../schema/exclusion-sets.ts'
import { createFeedAssertionVerifier, signFeedAssertion } from '../../schema/feed-assertion.ts'
import { toItemId } from '../../schema/item-id.ts'
import { addKeyPair, addSecret, listKeyFiles, listSecretFiles } from '../../schema/key-files.ts'
import { parseTimelinePosition, printTimelinePosition } from '../../schema/timeline-position.ts'
import { toTestNumber } from '../../subgraphs/publishing/patient-number.ts'
import { parseReviewPosition, printReviewPosition } from '../../subgraphs/store/review-position.ts'
import { toDigest } from '../../subgraphs/store/to-digest.ts'
import { formerSecret, keyId, loadSigningKey, secret, verifyingKeys } from './support/fixed-keys.ts'
import { expectGolden, expectGoldenJson, readGoldenJson } from './support/golden.ts'
import { mask } from './support/masks.ts'
import { signViewerToken, tokenAudience, tokenIssuer } from './support/viewer-token.ts'

const nowMs = Date.parse('2026-11-30T12:00:00.000Z')
const nhsNumber = '9990000018'
const successor = '9990000026'
const region = 'CHESHIRE_MERSEYSIDE'

const positions: TimelinePositions = new Map([
  ['LANCASHIRE_SOUTH_CUMBRIA', { orderedAtMs: null, id: 'AAAAAAAAAAAAAAAAAAAAAA' }],
  ['CHESHIRE_MERSEYSIDE', { orderedAtMs: 1_700_000_000_000, id: 'q_-1BBBBBBBBBBBBBBBBBB' }],
])
const field = 'documents'
const filter = { from: '2020-01-01', types: ['373942005'] }
const reviewPositions = new Map([
  ['LANCASHIRE_SOUTH_CUMBRIA', '1700000000000.REGION.lancashire-south-cumbria.g1'],
  ['CHESHIRE_MERSEYSIDE', '-1.VIEWERS_ORGANISATION.cheshire-merseyside.g2'],
])
const context = {
  purpose: 'DIRECT_CARE',
  relationship: 'REFERRED',
  reason: 'CLINIC_PREPARATION',
  supervisor: '555000000002',
} as const

const sealer = createIdSealer(secret, formerSecret)
const cursors = createCursorCodec(secret, formerSecret)
const reviewCursorCodec = createReviewCursorCodec(secret, formerSecret)
const tickets = createContentTickets(secret, formerSecret)
const ticket = {
  region,
  documentId: 'q_-1BBBBBBBBBBBBBBBBBB',
  askedNhsNumber: nhsNumber,
  context,
  expiresAtMs: nowMs + 300_000,
}

async function loadHolder(): Promise<TokenHolder> {
  const verify = createTokenVerifier({
    keys: verifyingKeys(),
    issuer: tokenIssuer,
    audience: tokenAudience,
    now: () => nowMs,
  })
  return verify(await signViewerToken(nowMs))
}

test('the gateway signs and seals ids, cursors and content tickets as before', async () => {
  const holder = await loadHolder()
  const bound = { nhsNumbers: new Set([nhsNumber, successor]), field, filter }
  expectGoldenJson('signed.txt', {
    sealedId: sealer.seal('q_-1BBBBBBBBBBBBBBBBBB'),
    sealedText: sealer.seal('Zoë'),
    sealedByFormer: createIdSealer(formerSecret).seal('q_-1BBBBBBBBBBBBBBBBBB'),
    timelineCursor: cursors.print(positions, bound),
    timelineCursorSealed: cursors.print(positions, { ...bound, isSealed: true }),
    timelineCursorWithoutFilter: cursors.print(positions, {
      nhsNumbers: new Set([nhsNumber]),
      field,
      filter: undefined,
    }),
    timelineCursorOfNothing: cursors.print(new Map(), bound),
    timelineCursorByFormer: createCursorCodec(formerSecret).print(positions, bound),
    reviewCursor: reviewCursorCodec.print(reviewPositions),
    reviewCursorOfNothing: reviewCursorCodec.print(new Map()),
    reviewCursorByFormer: createReviewCursorCodec(formerSecret).print(reviewPositions),
    contentTicket: tickets.print(ticket, holder),
    contentTicketWithoutClaims: tickets.print(
      { ...ticket, context: { ...context, relationship: null, reason: null, supervisor: null } },
      holder,
    ),
    contentTicketByFormer: createContentTickets(formerSecret).print(ticket, holder),
  })
})

test('ids, cursors and content tickets that were handed out before a deployment are read after it', async () => {
  const holder = await loadHolder()
  const golden = readGoldenJson('signed.txt')
  const binding = (number: string) => ({ nhsNumber: number, field, filter })
  for (const name of ['sealedId', 'sealedByFormer'])
    expect(sealer.unseal(golden[name] ?? ''), name).toBe('q_-1BBBBBBBBBBBBBBBBBB')
  for (const name of ['timelineCursor', 'timelineCursorSealed', 'timelineCursorByFormer']) {
    for (const number of [nhsNumber, successor])
      expect(cursors.parse(golden[name] ?? '', binding(number)), name).toEqual(positions)
    expect(cursors.parse(golden[name] ?? '', binding('9990000034')), name).toBeNull()
  }
  for (const name of ['reviewCursor', 'reviewCursorByFormer'])
    expect(reviewCursorCodec.parse(golden[name] ?? ''), name).toEqual(reviewPositions)
  for (const name of ['contentTicket', 'contentTicketByFormer']) {
    expect(tickets.parse(golden[name] ?? '', holder), name).toEqual(ticket)
    expect(tickets.parse(golden[name] ?? '', { ...holder, id: '555000000009' }), name).toBeNull()
  }
})

test('the gateway asserts to a region, byte by byte, what it asserted before', async () => {
  const key = await loadSigningKey()
  const token = await signViewerToken(nowMs)
  const options = { key, keyId, region, expiresAtMs: nowMs + 30_000 }
  const signed = {
    assertion: await signAssertion({ ...options, token, context }),
    feedAssertion: await signFeedAssertion(options),
  }
  const decode = (jwt: string) => jwt.split('.', 2).map((part) => Buffer.from(part, 'base64url').toString())
  expectGoldenJson('assertions.txt', {
    ...signed,
    decoded: { assertion: decode(signed.assertion), feedAssertion: decode(signed.feedAssertion) },
  })
})

test('a store accepts the assertions of a gateway that runs the code before a change', async () => {
  const { assertion = '', feedAssertion = '' } = readGoldenJson('assertions.txt')
  const options = { keys: verifyingKeys(), region, now: () => nowMs }
  expect(await createAssertionVerifier(options)(assertion, await signViewerToken(nowMs))).toEqual(context)
  await createFeedAssertionVerifier(options)(feedAssertion)
})

test('item ids, positions, digests and versions are computed as before', () => {
  const shared = { kind: 'documents', system: 'urn:test', value: 'Zoë' }
  const local = { kind: 'allergies', region, organisation: 'REM', resourceId: 'a-1' }
  expectGoldenJson('digests.txt', {
    sharedItemId: toItemId(shared),
    sharedItemIdOnTimeline: toItemId({ ...shared, orderedAtMs: 1_700_000_000_000 }),
    sharedItemIdUndated: toItemId({ ...shared, orderedAtMs: null }),
    localItemId: toItemId(local),
    localItemIdOnTimeline: toItemId({ ...local, orderedAtMs: 1_700_000_000_000 }),
    timelinePosition: printTimelinePosition({ orderedAtMs: 1_700_000_000_000, id: 'x_-' }),
    timelinePositionUndated: printTimelinePosition({ orderedAtMs: null, id: 'x_-' }),
    reviewPosition: printReviewPosition({ atMs: 1_700_000_000_000, office: 'REGION', grant: 'cheshire-merseyside.g1' }),
    digestOfStrings: toDigest(['urn:test', 'Zoë', null]),
    exclusionSetsVersion,
    testNumber: toTestNumber('urn:test|Zoë'),
  })
  expect(parseTimelinePosition('1700000000000.x_-')).toEqual({ orderedAtMs: 1_700_000_000_000, id: 'x_-' })
  expect(parseReviewPosition('1700000000000.REGION.cheshire-merseyside.g1')).toEqual({
    atMs: 1_700_000_000_000,
    office: 'REGION',
    grant: 'cheshire-merseyside.g1',
  })
})

test('keys and secrets are kept in files of the names and form of before', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'share2care-golden-'))
  try {
    for (const keyId of ['one', 'two', undefined]) await addKeyPair(folder, 'gateway', keyId)
    for (const _ of ['first', 'second']) addSecret(folder, 'gateway-secret')
    const printed = (name: string) =>
      name.endsWith('.json')
        ? readFileSync(join(folder, name), 'utf8')
        : `${readFileSync(join(folder, name)).length} bytes`
    // Without what is random: 32 bytes in base64url, and the id that a key has where none is given.
    const text = readdirSync(folder)
      .sort()
      .map((name) => `==== ${name}\n${printed(name).replaceAll(/"([xd])":"[\w-]{43}"/g, '"$1":"RANDOM"')}\n`)
    const orders = [listKeyFiles(folder, 'gateway'), listSecretFiles(folder, 'gateway-secret')].map((files) =>
      files.map((file) => file.slice(folder.length + 1)).join(' '),
    )
    expectGolden('key-files.txt', mask(`${text.join('')}${orders.join('\n')}\n`))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
