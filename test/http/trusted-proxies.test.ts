import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { toRequestOrigin, toTrustedProxies } from '../../gateway/server/trusted-proxies.ts'
import { startSystem } from '../support/system.ts'

const documents = '{ patient(nhsNumber: "9990000018") { documents(first: 20) { nodes { content { url } } } } }'

test('document URLs follow a listed proxy and nobody else, and PUBLIC_URL takes precedence', async () => {
  await using system = await startSystem({ people: true })
  const forwarded = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'gateway.example.nhs.uk' }
  const originOf = async (url: string, headers: Readonly<Record<string, string>>, accept = 'application/json') => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept,
        authorization: `Bearer ${await system.token()}`,
        ...headers,
      },
      body: JSON.stringify({ query: documents }),
    })
    const { data } = await response.json()
    return new URL(
      data.patient.documents.nodes.find((node: { content: object | null }) => node.content !== null).content.url,
    ).origin
  }
  const trusting = await system.another({ trustedProxies: toTrustedProxies('10.0.0.1,127.0.0.0/8') })
  const trustingOthers = await system.another({ trustedProxies: toTrustedProxies('10.0.0.0/8') })
  const named = await system.another({
    publicUrl: 'https://public.example.nhs.uk',
    trustedProxies: toTrustedProxies('127.0.0.1'),
  })
  // By the short way and by yoga's, which take requests by what they accept.
  for (const accept of ['application/json', 'application/json, text/html']) {
    expect(await originOf(trusting, forwarded, accept)).toBe('https://gateway.example.nhs.uk')
    expect(await originOf(trusting, { forwarded: 'for=1.2.3.4;proto=https;host="other.nhs.uk:8443"' }, accept)).toBe(
      'https://other.nhs.uk:8443',
    )
    expect(await originOf(trusting, {}, accept)).toBe(trusting)
    for (const url of [system.url, trustingOthers]) expect(await originOf(url, forwarded, accept)).toBe(url)
    expect(await originOf(named, forwarded, accept)).toBe('https://public.example.nhs.uk')
  }
})

describe('a trusted proxy', () => {
  const trusted = toTrustedProxies('127.0.0.1,10.20.0.0/16,fd00::/8')
  const socket = (remoteAddress?: string) => ({ socket: { remoteAddress } })

  test.each([
    ['127.0.0.1', true],
    ['::ffff:127.0.0.1', true],
    ['10.20.255.1', true],
    ['10.21.0.1', false],
    ['fd00::1', true],
    ['fe80::1', false],
    [undefined, false],
  ])('a proxy is trusted by its address: %s %s', (address, isTrusted) => {
    const origin = toRequestOrigin(
      { headers: { host: 'gateway', 'x-forwarded-proto': 'https' }, ...socket(address) },
      trusted,
    )
    expect(origin).toBe(isTrusted ? 'https://gateway' : 'http://gateway')
  })

  test('the last of several forwarded values counts, and only when it is a scheme or a host', () => {
    const origin = (headers: Readonly<Record<string, string>>) =>
      toRequestOrigin({ headers: { host: 'gateway', ...headers }, ...socket('127.0.0.1') }, trusted)
    expect(origin({ 'x-forwarded-proto': 'http, https', 'x-forwarded-host': 'evil.test, good.test' })).toBe(
      'https://good.test',
    )
    expect(origin({ 'x-forwarded-proto': 'javascript', 'x-forwarded-host': 'a/b' })).toBe('http://gateway')
    expect(origin({ forwarded: 'proto=https;host=evil@good.test' })).toBe('https://gateway')
    expect(origin({ forwarded: 'host=[::1]:8443' })).toBe('http://[::1]:8443')
  })

  test('no forwarded header produces an origin that is not one', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (forwarded, proto, host) => {
        const headers = {
          host: 'gateway',
          ...(forwarded === '' ? {} : { forwarded }),
          'x-forwarded-proto': proto,
          'x-forwarded-host': host,
        }
        expect(toRequestOrigin({ headers, ...socket('127.0.0.1') }, trusted)).toMatch(/^https?:\/\/[\w.[\]:-]+$/)
      }),
    )
  })
})
