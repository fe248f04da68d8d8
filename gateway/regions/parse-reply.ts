import { requestRefusalCodes } from '../../schema/region-contract.ts'
import { type Refusal, RegionFault } from './region-fault.ts'
import { regionalAliasPrefix } from './region-query.ts'

/**
 * Returns the data of a GraphQL response without errors. Throws RegionFault if the text is no such response, or is
 * ambiguous JSON with a duplicate key in an object.
 */
export function parseReply(text: string): Record<string, unknown> {
  const json = parse(text)
  if (typeof json !== 'object' || json === null) throw new RegionFault('FAILED', 'expected a JSON object')
  if ('errors' in json) {
    const refusal = findRefusal(json.errors)
    throw new RegionFault('FAILED', 'expected no GraphQL errors, found some', {
      isRegionFault: !isRequestRefusal(json.errors),
      splitReason: refusal && { why: 'REFUSED', ...refusal },
    })
  }
  if (!('data' in json) || typeof json.data !== 'object' || json.data === null)
    throw new RegionFault('FAILED', 'expected data')
  // JSON.parse drops all but the last value of a duplicate key, so a duplicate leaves fewer keys than the text has.
  if (countKeys(json, maxDepth) !== countKeysInText(text))
    throw new RegionFault('FAILED', 'expected each key of an object once, found one twice')
  return json.data as Record<string, unknown>
}

/** Returns whether every error concerns the request. Such errors must not suspend a region for all viewers. */
function isRequestRefusal(found: unknown): boolean {
  return (
    Array.isArray(found) && found.length > 0 && found.every((one) => requestRefusalCodes.has(one?.extensions?.code))
  )
}

/** Returns the first refusal of a field that the client selected on `records`, or null. */
function findRefusal(found: unknown): Refusal | null {
  if (!Array.isArray(found) || !isRequestRefusal(found)) return null
  const [{ path, extensions }] = found
  const alias: unknown = Array.isArray(path)
    ? path.find((key) => typeof key === 'string' && key.startsWith(regionalAliasPrefix))
    : undefined
  return typeof alias === 'string' ? { code: String(extensions.code), alias } : null
}

/** Exceeds the depth of any response of a region's SDL. */
const maxDepth = 100

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // The error has no cause, because the cause's message quotes the text.
    throw new RegionFault('FAILED', 'expected JSON')
  }
}

/**
 * Counts the keys of a JSON value that end in a character of GraphQL names, because no other key is ever read. (A key
 * that ends in an escape of another character is refused.)
 */
function countKeys(value: object, depth: number): number {
  if (depth === 0) throw new RegionFault('FAILED', `expected at most ${maxDepth} levels, found more`)
  let count = 0
  if (Array.isArray(value)) {
    for (const one of value) if (typeof one === 'object' && one !== null) count += countKeys(one, depth - 1)
    return count
  }
  for (const key in value) {
    if (isNameCharacter(key.charCodeAt(key.length - 1))) count++
    const one = (value as Readonly<Record<string, unknown>>)[key]
    if (typeof one === 'object' && one !== null) count += countKeys(one, depth - 1)
  }
  return count
}

/**
 * Counts the same keys in the text of valid JSON. A quote after a name character cannot open a string, and a quote
 * inside a string follows a backslash.
 */
function countKeysInText(text: string): number {
  let count = 0
  for (let colon = text.indexOf(':'); colon !== -1; colon = text.indexOf(':', colon + 1)) {
    let before = colon - 1
    while (isSpace(text.charCodeAt(before))) before--
    if (text.charCodeAt(before) === quote && isNameCharacter(text.charCodeAt(before - 1))) count++
  }
  return count
}

const quote = 0x22

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** Returns whether the code is an ASCII letter, digit or underscore. */
function isNameCharacter(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39) || code === 0x5f
  )
}
