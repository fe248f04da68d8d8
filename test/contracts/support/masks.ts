import { hash } from 'node:crypto'

export function sha256Of(text: string): string {
  return hash('sha256', text)
}

/**
 * Replaces what differs from run to run: random ids, ports and durations. It also replaces the version of the rules,
 * because a comment in a .cedar file changes it; published-hashes.txt has it once.
 */
export function mask(text: string): string {
  return text
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/g, 'UUID')
    .replace(/127\.0\.0\.1:\d+/g, 'HOST')
    .replace(/"policyVersion":"[0-9a-f]{12}"/g, '"policyVersion":"VERSION"')
    .replace(/"(\w*(?:latency|duration|wait)Ms)":[\d.]+/gi, '"$1":0')
}
