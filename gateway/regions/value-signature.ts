import { type GraphQLOutputType, getNamedType, isEnumType } from 'graphql'

/** A selected field of an object, and the signature of its value. */
export interface SignedField {
  readonly name: string
  readonly signature: string | null
}

/**
 * Returns the signature of a value: its type, its enum values, and each selected field with its signature, in order.
 * Values with equal signatures have the same JSON, whichever schema they come from. Null: a field has an alias or an
 * argument.
 */
export function toValueSignature(type: GraphQLOutputType, fields: readonly SignedField[]): string | null {
  if (fields.some(({ signature }) => signature === null)) return null
  const named = getNamedType(type)
  const values = isEnumType(named) ? named.getValues().map(({ name }) => name) : []
  return `${type} ${values} {${fields.map(({ name, signature }) => `${name}: ${signature}`)}}`
}

/**
 * Returns whether a value with signature `came` has the JSON of one with signature `shown`. `came` may be stricter:
 * non-null where `shown` is nullable.
 */
export function isPrintedAs(came: string | null, shown: string | null): boolean {
  if (came === null || shown === null) return false
  let at = 0
  for (const character of came) {
    if (character === shown[at]) at++
    else if (character !== '!') return false
  }
  return at === shown.length
}
