/** Headers that differ between any two answers. */
const volatileHeaders = new Set(['date', 'content-length', 'x-request-id', 'server-timing', 'gateway-release'])

/**
 * A response as text: status, headers and body, without what differs between any two answers. `gateway-release` is for
 * the gateway's audit trail alone.
 */
export async function toComparableText(response: Response): Promise<string> {
  const headers = [...response.headers].filter(([name]) => !volatileHeaders.has(name))
  const body = (await response.text()).replace(/"latencyMs":[\d.]+/g, '"latencyMs":0')
  return `${response.status} ${JSON.stringify(headers)} ${body}`
}
