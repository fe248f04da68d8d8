import { type GraphQLOutputType, getNamedType, isEnumType } from 'graphql'

/** A field of an object, and the form of its value. */
export interface SignedField {
  readonly name: string
  readonly signature: string | null
}

/**
 * What a value is made of: its type, the words of an enumeration, and each field that is selected of an object, in order, with a form of its
 * own. Values of one form are the same JSON, whichever schema they come from. Null: a field is renamed, or made of more than a selection.
 */
export function toValueSignature(type: GraphQLOutputType, fields: readonly SignedField[]): string | null {
  if (fields.some(({ signature }) => signature === null)) return null
  const named = getNamedType(type)
  const words = isEnumType(named) ? named.getValues().map(({ name }) => name) : []
  return `${type} ${words} {${fields.map(({ name, signature: form }) => `${name}: ${form}`)}}`
}

/** Whether a value that came in one form is the JSON of the other: the same, but that it may promise more, no null where the other may have one. */
export function isPrintedAs(came: string | null, shown: string | null): boolean {
  if (came === null || shown === null) return false
  let at = 0
  for (const character of came) {
    if (character === shown[at]) at++
    else if (character !== '!') return false
  }
  return at === shown.length
}
