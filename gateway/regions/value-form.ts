import { type GraphQLOutputType, getNamedType, isEnumType } from 'graphql'

/** A field of an object, and the form of its value. */
export interface FormedField {
  readonly name: string
  readonly form: string | null
}

/**
 * What a value is made of: its type, the words of an enumeration, and each field that is selected of an object, in order, with a form of its
 * own. Values of one form are the same JSON, whichever schema they come from. Null: a field is renamed, or made of more than a selection.
 */
export function toValueForm(type: GraphQLOutputType, fields: readonly FormedField[]): string | null {
  if (fields.some(({ form }) => form === null)) return null
  const named = getNamedType(type)
  const words = isEnumType(named) ? named.getValues().map(({ name }) => name) : []
  return `${type} ${words} {${fields.map(({ name, form }) => `${name}: ${form}`)}}`
}

/** Whether a value that came in one form is the JSON of the other: the same, but that it may promise more, no null where the other may have one. */
export function isJsonOf(came: string | null, shown: string | null): boolean {
  if (came === null || shown === null) return false
  let at = 0
  for (const character of came) {
    if (character === shown[at]) at++
    else if (character !== '!') return false
  }
  return at === shown.length
}
