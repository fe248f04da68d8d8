import { type ASTNode, GraphQLError, type GraphQLErrorExtensions } from 'graphql'

export interface FaultOptions {
  /** HTTP status when this fault ends the whole request. @default GraphQL over HTTP decides */
  readonly status?: number
  /** HTTP headers to send with the status. */
  readonly headers?: Readonly<Record<string, string>>
  /** The nodes at fault, for `locations`. */
  readonly nodes?: ASTNode | readonly ASTNode[]
  /** Further `extensions` for the client; never input. */
  readonly extensions?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** An expected failure with a stable code. Clients see its message, so it must never contain input. */
class Fault extends GraphQLError {
  constructor(code: string, message: string, { status, headers, nodes, extensions, cause }: FaultOptions = {}) {
    const http = status === undefined ? {} : { http: { status, headers: { ...headers } } }
    super(message, { nodes, cause, extensions: { ...extensions, code, ...http } })
  }
}

/** Creates a fault to throw (FaultOptions). */
export function fault(code: string, message: string, options?: FaultOptions): GraphQLError {
  return new Fault(code, message, options)
}

/**
 * Whether neither we nor graphql raised the error on purpose. It is a bug: toSafeError masks it, and the log gets all
 * of it.
 */
export function isUnexpected(error: GraphQLError): boolean {
  return toSafeError(error).extensions.code === 'INTERNAL'
}

/**
 * Converts an error to the form that a client may see. A fault stays as it is. graphql's own errors quote values, such
 * as NHS numbers, so their messages are rewritten without values. Everything else is masked as INTERNAL. Path,
 * locations, code and HTTP status stay.
 */
export function toSafeError(error: GraphQLError): GraphQLError {
  const { code, message, extensions } = findFault(error) ?? rewrite(error)
  const http =
    code === 'BAD_REQUEST'
      ? { ...toObject(error.extensions.http), ...badRequest, spec: false }
      : (error.extensions.http ?? (code === 'INTERNAL' || error.path ? undefined : badRequest))
  return new GraphQLError(message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions: { ...extensions, code, ...(http === undefined ? {} : { http }) },
  })
}

/**
 * 400 in GraphQL over HTTP's media type, 200 in application/json (graphql-yoga's `spec`); 400 in both if it is no
 * GraphQL request.
 */
const badRequest = { spec: true, status: 400 }

function toObject(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {}
}

interface SafeText {
  readonly code: string
  readonly message: string
  readonly extensions?: GraphQLErrorExtensions
}

function findFault(error: Error | undefined): SafeText | null {
  if (error instanceof Fault) {
    const { http: _, ...extensions } = error.extensions
    return { code: String(extensions.code), message: error.message, extensions }
  }
  return error instanceof GraphQLError ? findFault(error.originalError) : null
}

function rewrite(error: GraphQLError): SafeText {
  if (!isGraphqlsOwn(error)) return internal
  const { message } = error
  if (message.startsWith('Syntax Error')) return { code: 'GRAPHQL_PARSE_FAILED', message: toSafeSyntaxMessage(message) }
  const badInput = toBadInput(message)
  if (badInput) return { code: 'BAD_USER_INPUT', message: badInput }
  if (error.path) return internal
  if (error.extensions.code === 'REQUEST_ENTITY_TOO_LARGE')
    return { code: 'PAYLOAD_TOO_LARGE', message: 'The request body is too large.' }
  if (
    /^(Unknown operation named|Could not determine what operation|Must provide operation name|Must provide an operation)/.test(
      message,
    )
  ) {
    return {
      code: 'OPERATION_RESOLUTION_FAILURE',
      message: 'Expected operationName to name one operation of the document.',
    }
  }
  if (error.extensions.code === 'BAD_REQUEST') return { code: 'BAD_REQUEST', message: toSafeRequestMessage(message) }
  if (!isGraphqlsValidation(error)) return internal
  return { code: 'GRAPHQL_VALIDATION_FAILED', message: toSafeValidationMessage(message) }
}

const internal: SafeText = { code: 'INTERNAL', message: 'Something went wrong here; it has been recorded.' }

function isGraphqlsOwn(error: GraphQLError): boolean {
  return (
    error.originalError === undefined ||
    (error.originalError instanceof GraphQLError && isGraphqlsOwn(error.originalError))
  )
}

/** Validation errors name nodes. An error without nodes or path does not come from a document. */
function isGraphqlsValidation(error: GraphQLError): boolean {
  return (
    error.nodes !== undefined ||
    error.extensions.code === 'GRAPHQL_VALIDATION_FAILED' ||
    isSafeValidation(error.message)
  )
}

const found = '(?:<EOF>|"[!$&(){}:=@|.\\[\\]]+"|Name|Int|Float|String|BlockString|Comment)'
const syntax = new RegExp(
  `^Syntax Error: (?:Expected (?:"[^"]{1,12}"|<EOF>|Name|Int|Float|String), found ${found}|Unexpected ${found}|Unterminated string|Expected [A-Z]\\w+)\\.$`,
)

function toSafeSyntaxMessage(message: string): string {
  // graphql prints a token as its kind and value, such as `Int "12"`; the value is cut off.
  const withoutValues = message.replace(/\b(Name|Int|Float|String|BlockString|Comment) "[\s\S]*"\.$/, '$1.')
  return syntax.test(withoutValues) ? withoutValues : 'Syntax Error: the text is no GraphQL document.'
}

function toBadInput(message: string): string | null {
  const subject = /^(Variable "\$\w+"|Argument "@?[\w.():]+")/.exec(message)?.[0]
  if (!subject || !isSafeNaming(subject)) return subject ? 'A variable has an invalid value.' : null
  if (/^(?:Variable|Argument) "[^"]+" (?:got invalid value|has invalid value|has invalid default value)/.test(message))
    return `${subject} has an invalid value.`
  const missing =
    /^(?:Variable|Argument) "[^"]+" (?:of (?:required|non-null) type "([\w![\]]+)" (?:was not provided|must not be null))/.exec(
      message,
    )
  // Validation uses the same message for an argument that the document lacks.
  if (missing?.[1]) return `${subject} of type "${missing[1]}" must be provided and not be null.`
  return /^Variable "[^"]+" expected value of type /.test(message) ? `${subject} is not of an input type.` : null
}

function toSafeValidationMessage(message: string): string {
  const type =
    /^Expected value of (?:non-null )?type "([\w![\]]+)"/.exec(message)?.[1] ??
    /^(Int|Float|String|Boolean|ID) cannot represent/.exec(message)?.[1]
  if (type) return `Expected a value of type "${type}".`
  const enumeration = /^(?:Value [\s\S]*does not exist in|Enum) "(\w+)"/.exec(message)?.[1]
  if (enumeration) return `Expected a value of the enum "${enumeration}".`
  return isSafeValidation(message) ? message : 'The document does not fit the schema.'
}

const aboutNames = new RegExp(
  '^(?:Cannot query field|Unknown (?:argument|type|fragment|directive)|Fields? "|Fragment |There can be only one|This anonymous operation|Cannot spread fragment|' +
    'Directive "|The directive|The \\w+ (?:operation|definition)|Argument "[^"]*" (?:of type|can only)|Argument "[^"]*" .*is required|Maximum introspection depth|' +
    'Variable "[^"]*" (?:is never used|is not defined|cannot be non-input|of type|is of type)|Spreads "|Subscription |Anonymous Subscription|Defer |Stream )',
)

function isSafeValidation(message: string): boolean {
  return aboutNames.test(message) && isSafeNaming(message)
}

/** Whether everything quoted is a name or a type, so that no patient's number is among it. */
function isSafeNaming(message: string): boolean {
  const quoted = message.match(/"[^"]*"/g) ?? []
  return quoted.every((name) => /^"[$@]?[\w![\].(): {}]*"$/.test(name) && name.replace(/\D/g, '').length < 6)
}

function toSafeRequestMessage(message: string): string {
  if (message.startsWith('Unexpected parameter'))
    return 'Expected only the parameters query, variables, operationName and extensions.'
  const known =
    /^(?:Batching is |GraphQL only supports |Can only perform |Must provide query string|POST body |Content-Length |Expected (?:params|"\w+" param) to be )/
  return known.test(message) ? message : 'The request is no GraphQL request.'
}
