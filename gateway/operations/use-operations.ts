import type { Plugin } from 'graphql-yoga'
import { fault } from '../../schema/graphql-errors.ts'
import { createErrorResponse } from '../../schema/http/error-response.ts'
import type { VerifiedViewer } from '../http/use-bearer-token.ts'
import type { OperationsWatch } from './operations-watch.ts'

/** Where the operations page finds its figures. For holders of a token only. */
export const figuresPath = '/ops/figures'

/** The OAuth 2.0 scope that a token must have for it. */
export const operationsScope = 'operations'

/** Answers the figures to who may operate the service: 403 for every other token, whatever else it is good for. */
export function useOperations({ figures }: Pick<OperationsWatch, 'figures'>): Plugin<Record<string, unknown>, VerifiedViewer> {
  return {
    onRequest({ request, url, serverContext, endResponse }) {
      if (url.pathname !== figuresPath) return
      const refuse = (status: number, code: string, message: string, headers = {}) => endResponse(createErrorResponse(request, status, fault(code, message), headers))
      if (!serverContext.holder.scopes.includes(operationsScope)) return refuse(403, 'FORBIDDEN', `Expected a token with the scope ${operationsScope}.`)
      if (request.method !== 'GET') return refuse(405, 'METHOD_NOT_ALLOWED', 'Expected GET.', { allow: 'GET' })
      endResponse(new Response(figures(), { headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' } }))
    },
  }
}
