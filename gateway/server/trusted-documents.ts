import type { Plugin } from 'graphql-yoga'
import { fault } from '../../schema/graphql-errors.ts'
import type { PublishedOperation } from '../../schema/published-operations.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'

/** Which operations are answered: `any`; `log`: any, and unpublished ones are logged; `only`: published ones. */
export type TrustedDocumentsMode = 'any' | 'log' | 'only'

export interface TrustedDocuments {
  /** Returns the text of a published operation by its id, or null. */
  findText(documentId: string): string | null
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
  return {
    findText: (documentId) => texts.get(documentId) ?? null,
    admits(text) {
      if (mode === 'any' || names.has(text)) return true
      if (mode === 'log') log('An operation that is not published', `${toLoggedName(text)}, ${text.length} characters`)
      return mode === 'log'
    },
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

/** Replaces a published operation's id by its text, and refuses operations that are not admitted. */
export function useTrustedDocuments({ findText, admits }: TrustedDocuments): Plugin {
  return {
    onParams({ params, setParams }) {
      const { documentId, ...others } = params as typeof params & { readonly documentId?: unknown }
      if (documentId !== undefined && params.query === undefined) {
        const text = typeof documentId === 'string' ? findText(documentId) : null
        if (text === null)
          throw fault('DOCUMENT_NOT_FOUND', 'Expected the id of a published operation.', { status: 400 })
        setParams({ ...others, query: text })
      } else if (typeof params.query === 'string' && !admits(params.query)) {
        throw fault('OPERATION_NOT_PUBLISHED', 'Expected a published operation: this gateway answers no others.', {
          status: 400,
        })
      }
    },
  }
}
