import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { clientFaults } from './client-faults.ts'
import type { RequestObserver } from './request-observer.ts'
import type { Observed } from './use-observation.ts'

/** Notes the errors of results, as they are told: without data, or for faults of the client's alone, the request was refused; else something failed. After what makes errors safe. */
export function useObservedErrors({ refused }: RequestObserver): Plugin<object, Observed> {
  return {
    onResultProcess({ result, serverContext: { recorder } }) {
      if (Array.isArray(result) || !('errors' in result) || !result.errors) return
      const codes = new Set((result.errors as readonly GraphQLError[]).map(({ extensions }) => String(extensions.code)))
      const isRefused = !('data' in result) || codes.isSubsetOf(clientFaults)
      const [first] = isRefused ? codes : codes.difference(clientFaults)
      recorder?.ended(isRefused ? 'REFUSED' : 'FAILED', first)
      if (isRefused) for (const code of codes) refused(code)
    },
  }
}
