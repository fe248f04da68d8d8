import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { RequestObserver } from '../observability/metrics/request-observer.ts'
import type { ObservedRequest } from './use-observation.ts'

/** Notes the errors of results, as they are told: without data, or for faults of the client's alone, the request was refused; else something failed. After what makes errors safe. */
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

/** Codes of the errors with which a result says that what was asked is not for this viewer, or is none that can be asked: nothing failed here. */
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
