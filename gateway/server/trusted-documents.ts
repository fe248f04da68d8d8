import type { GraphQLError } from 'graphql'
import { fault } from '../../schema/graphql-errors.ts'
import type { PublishedOperation } from '../../schema/published-operations.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'

/** Which operations are answered: `any`; `log`: any, and unpublished ones are logged; `only`: published ones. */
export type TrustedDocumentsMode = 'any' | 'log' | 'only'

/** The parameters of a request that name its document (GraphQL over HTTP; `documentId` names a published operation). */
export interface RequestedDocument {
  readonly query: unknown
  readonly documentId: unknown
}

export interface TrustedDocuments {
  /** Returns the text of a requested document, or why it is refused; null if the parameters hold no text. */
  findText(requested: RequestedDocument): string | GraphQLError | null
  /** Tells whether an operation with this text is answered. */
  admits(text: string): boolean
  /** Returns the name of the published operation with this text, or `other`. */
  findName(text: string): string
}

/** Creates the trusted documents: the published operations by id, and the mode for all others. */
export function createTrustedDocuments(
  published: readonly PublishedOperation[],
  mode: TrustedDocumentsMode,
  log: ServiceLog,
): TrustedDocuments {
  const texts = new Map(published.map(({ id, text }) => [id, text]))
  const names = new Map(published.map(({ name, text }) => [text, name]))
  const admits = (text: string): boolean => {
    if (mode === 'any' || names.has(text)) return true
    if (mode === 'log') log('An operation that is not published', `${toLoggedName(text)}, ${text.length} characters`)
    return mode === 'log'
  }
  return {
    findText({ query, documentId }) {
      if (documentId !== undefined && query === undefined)
        return (typeof documentId === 'string' ? texts.get(documentId) : undefined) ?? toUnknownDocumentFault()
      if (typeof query !== 'string') return null
      return admits(query) ? query : toUnpublishedFault()
    },
    admits,
    findName: (text) => names.get(text) ?? 'other',
  }
}

/** Returns an operation's own name, shortened and without digits, which may be a patient's, for the log. */
function toLoggedName(text: string): string {
  return (
    /\b(?:query|mutation)\s+(\w+)/
      .exec(text)?.[1]
      ?.slice(0, 40)
      .replace(/[\d_]*\d[\d_]*/g, '...') ?? 'without a name'
  )
}

function toUnknownDocumentFault(): GraphQLError {
  return fault('DOCUMENT_NOT_FOUND', 'Expected the id of a published operation.', { status: 400 })
}

function toUnpublishedFault(): GraphQLError {
  return fault('OPERATION_NOT_PUBLISHED', 'Expected a published operation: this gateway answers no others.', {
    status: 400,
  })
}
