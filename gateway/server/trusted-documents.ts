import type { Plugin } from 'graphql-yoga'
import { fault } from '../../schema/graphql-errors.ts'
import type { PublishedOperation } from '../../schema/published-operations.ts'
import type { ServiceLog } from '../../schema/service/service-log.ts'

/** Which operations are answered: any; any, and the log names those that are not published; published ones only. */
export type TrustedDocumentsMode = 'any' | 'log' | 'only'

export interface TrustedDocuments {
  /** The text of a published operation by its id; null where there is none. */
  findText(documentId: string): string | null
  /** Whether this text is answered. */
  admits(text: string): boolean
  /** The name of the published operation with this text; `other` where it is none's. */
  findName(text: string): string
}

/** Published operations by id, and whether others are let in beside them. */
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

/** The name that an operation gives itself, fit for a log: a part of it, for it may be long, and numbers may be a patient's. */
function toLoggedName(text: string): string {
  return (
    /\b(?:query|mutation)\s+(\w+)/
      .exec(text)?.[1]
      ?.slice(0, 40)
      .replace(/[\d_]*\d[\d_]*/g, '...') ?? 'without a name'
  )
}

/** Puts the text of a published operation in the place of its id, and refuses what is not admitted. */
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
