import type { GraphQLError } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import type { RequestObserver } from './request-observer.ts'
import type { Observed } from './use-observation.ts'

/** Notes the errors of results, as they are told: without data, the request was refused; with data, something failed. After what makes errors safe. */
export function useObservedErrors({ refused }: RequestObserver): Plugin<object, Observed> {
  return {
    onResultProcess({ result, serverContext: { recorder } }) {
      if (Array.isArray(result) || !('errors' in result) || !result.errors) return
      const isRefused = !('data' in result)
      recorder?.ended(isRefused ? 'REFUSED' : 'FAILED')
      if (isRefused) for (const { extensions } of result.errors as readonly GraphQLError[]) refused(String(extensions.code))
    },
  }
}
