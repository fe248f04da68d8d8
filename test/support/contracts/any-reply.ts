import fc from 'fast-check'
import {
  type GraphQLOutputType,
  isEnumType,
  isListType,
  isNonNullType,
  isObjectType,
  type SelectionNode,
} from 'graphql'
import { collectReplyFields } from '../../../gateway/regions/reply-validator.ts'

/**
 * Data that a region might answer a selection with, in the order of the selection: any strings, nulls wherever they may
 * be.
 */
export function anyReply(type: GraphQLOutputType, selections: readonly SelectionNode[]): fc.Arbitrary<unknown> {
  if (isNonNullType(type)) return anyPresent(type.ofType, selections)
  return fc.option(anyPresent(type, selections), { nil: null, freq: 4 })
}

function anyPresent(type: GraphQLOutputType, selections: readonly SelectionNode[]): fc.Arbitrary<unknown> {
  if (isListType(type)) return fc.array(anyReply(type.ofType, selections), { maxLength: 3 })
  if (isObjectType(type)) {
    const fields = collectReplyFields(type, selections).map(
      (field) => [field.key, field.type ? anyReply(field.type, field.selections) : fc.constant(type.name)] as const,
    )
    return fc
      .tuple(...fields.map(([, value]) => value))
      .map((values) => Object.fromEntries(fields.map(([key], index) => [key, values[index]])))
  }
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name))
  const name = String(type)
  if (name === 'Int') return fc.integer()
  if (name === 'Float') return fc.double({ noNaN: true, noDefaultInfinity: true })
  if (name === 'Boolean') return fc.boolean()
  return fc.oneof(
    { weight: 3, arbitrary: fc.string({ maxLength: 8 }) },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 8 }) },
  )
}
