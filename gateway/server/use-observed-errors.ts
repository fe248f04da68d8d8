import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { RequestObserver } from '../observability/metrics/request-observer.ts'
import type { ObservedRequest } from './use-observation.ts'

/**
 * Records the errors of results after useSafeErrors: a result without data or with the client's errors only counts as
 * refused, any other as failed.
 */
export function useObservedErrors({ countRefusal: refused }: RequestObserver): Plugin<object, ObservedRequest> {
  return {
    onResultProcess({ result, serverContext: { recorder } }) {
      if (Array.isArray(result) || !('errors' in result) || !result.errors) return
      const codes = new Set((result.errors as readonly GraphQLError[]).map(({ extensions }) => String(extensions.code)))
      const isRefused = !('data' in result) || codes.isSubsetOf(clientErrorCodes)
      const [first] = isRefused ? codes : codes.difference(clientErrorCodes)
      recorder?.recordError(isRefused ? 'REFUSED' : 'FAILED', first)
      if (isRefused) for (const code of codes) refused(code)
    },
  }
}

/** Codes of errors that state a refusal or a client's mistake; no part of the service failed. */
export const clientErrorCodes: ReadonlySet<string> = new Set([
  'BAD_CURSOR',
  'BAD_USER_INPUT',
  'BAD_WEEK',
  'FIRST_OUT_OF_RANGE',
  'FORBIDDEN',
  'INVALID_DATE',
  'INVALID_DECIMAL',
  'INVALID_NHS_NUMBER',
  'JUSTIFICATION_TOO_LONG',
  'JUSTIFICATION_TOO_SHORT',
  'NOTE_TOO_LONG',
  'TOO_MANY_PATIENTS',
])
