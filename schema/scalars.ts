import { GraphQLScalarType, type GraphQLScalarTypeConfig, Kind } from 'graphql'
import { fault } from './graphql-errors.ts'
import { toNhsNumber } from './nhs-number.ts'
import { isPartialDateTime } from './partial-date-time.ts'
import { readClinicalSdl } from './sdl.ts'

/** The SDL's own descriptions, because a scalar that resolvers define replaces the SDL's with its description. */
const descriptions = new Map(
  [...readClinicalSdl().matchAll(/^"(.+)"\nscalar (\w+)$/gm)].map(([, words = '', name = '']) => [name, words]),
)

/**
 * The scalars of clinical.graphql, strings on the wire and in code. Input is validated, and NHS numbers are normalised
 * to ten digits; the fault does not repeat a refused value. Output is not validated again, because it was when it was
 * stored.
 */
export const scalars: Readonly<
  Record<'NHSNumber' | 'DateTime' | 'PartialDateTime' | 'Decimal', GraphQLScalarType<string, string>>
> = {
  NHSNumber: createScalar(
    'NHSNumber',
    toNhsNumber,
    'INVALID_NHS_NUMBER',
    'Expected a valid NHS number: ten digits, the last of which is the check digit.',
  ),
  DateTime: createScalar(
    'DateTime',
    (text) => (instant.test(text) && isPartialDateTime(text) ? text : null),
    'INVALID_DATE',
    'Expected an instant with an offset, as 2026-11-22T09:30:00Z.',
  ),
  PartialDateTime: createScalar(
    'PartialDateTime',
    (text) => (isPartialDateTime(text) ? text : null),
    'INVALID_DATE',
    'Expected a real date, as 2021, 2021-03 or 2021-03-04, or an instant with an offset, as 2021-03-04T09:30:00Z.',
  ),
  Decimal: createScalar(
    'Decimal',
    (text) => (/^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text) ? text : null),
    'INVALID_DECIMAL',
    'Expected a decimal number as text.',
  ),
}

const instant = /T\d{2}:\d{2}:\d{2}/

function createScalar(
  name: string,
  parse: (text: string) => string | null,
  code: string,
  message: string,
): GraphQLScalarType<string, string> {
  const config: GraphQLScalarTypeConfig<string, string> = {
    name,
    description: descriptions.get(name),
    coerceOutputValue: (value) => {
      if (typeof value === 'string') return value
      throw new TypeError(`${name}: expected a string, found ${typeof value}`)
    },
    coerceInputValue: (value) => {
      const parsed = typeof value === 'string' ? parse(value) : null
      if (parsed === null) throw fault(code, message)
      return parsed
    },
    coerceInputLiteral: (node) => {
      const parsed = node.kind === Kind.STRING ? parse(node.value) : null
      if (parsed === null) throw fault(code, message, { nodes: node })
      return parsed
    },
    // A default value is printed as it was written.
    valueToLiteral: (value) => (typeof value === 'string' ? { kind: Kind.STRING, value } : undefined),
  }
  return new GraphQLScalarType(config)
}
