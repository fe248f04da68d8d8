import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'
import { InvalidSetting } from '../../schema/service/startup-error.ts'

/** The form of TRUSTED_PROXIES. */
export const expectedProxies = 'addresses and networks of proxies, as 127.0.0.1,10.20.0.0/16, with commas between them'

/** Parses addresses and CIDR networks (RFC 4632) separated by commas. Throws InvalidSetting. */
export function toTrustedProxies(text = ''): BlockList {
  const trusted = new BlockList()
  for (const one of text.split(',').map((part) => part.trim())) {
    if (one === '' && text === '') continue
    const [address = '', prefix, ...more] = one.split('/')
    const version = isIP(address)
    const bits = version === 4 ? 32 : 128
    const isPrefix = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits)
    if (version === 0 || !isPrefix || more.length > 0) throw new InvalidSetting(expectedProxies, JSON.stringify(one))
    trusted.addSubnet(address, Number(prefix ?? bits), version === 4 ? 'ipv4' : 'ipv6')
  }
  return trusted
}

/**
 * Returns the origin by which a viewer reached the gateway. A trusted proxy's Forwarded (RFC 7239) or
 * X-Forwarded-Proto and -Host decide.
 * Otherwise it is http and the Host header, because the gateway itself speaks no TLS and anybody can send those
 * headers.
 */
export function toRequestOrigin(
  { headers, socket }: Pick<IncomingMessage, 'headers'> & { readonly socket: { readonly remoteAddress?: string } },
  trusted: BlockList,
): string {
  const { proto, host } = isTrusted(socket.remoteAddress, trusted) ? readForwarded(headers) : {}
  return `${proto ?? 'http'}://${host ?? headers.host ?? ''}`
}

function isTrusted(address: string | undefined, trusted: BlockList): boolean {
  const version = isIP(address ?? '')
  return address !== undefined && version !== 0 && trusted.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

interface ForwardedOrigin {
  readonly proto?: string
  readonly host?: string
}

/** Reads what the nearest proxy stated, the last of each list. Invalid schemes and hosts are ignored. */
function readForwarded(headers: IncomingMessage['headers']): ForwardedOrigin {
  const last = (name: string) =>
    String(headers[name] ?? '')
      .split(',')
      .at(-1)
      ?.trim() ?? ''
  const forwarded = last('forwarded')
  const pair = (name: string) => new RegExp(`(?:^|;)\\s*${name}="?([^";]*)"?`, 'i').exec(forwarded)?.[1] ?? ''
  const proto = (forwarded === '' ? last('x-forwarded-proto') : pair('proto')).toLowerCase()
  const host = forwarded === '' ? last('x-forwarded-host') : pair('host')
  return {
    ...(proto === 'http' || proto === 'https' ? { proto } : {}),
    ...(/^[\w.-]+(:\d{1,5})?$|^\[[\da-f:.]+\](:\d{1,5})?$/i.test(host) ? { host } : {}),
  }
}
