import type { GraphQLError } from 'graphql'
import { fault } from './graphql-errors.ts'

/**
 * Our OAuth 2.0 scopes; none includes another. `record`: patients' records, documents and their accesses. `reports`:
 * the weekly report. `operations`: the operations page's figures. `publish`: a store's `/fhir`.
 */
export const scopes = ['record', 'reports', 'operations', 'publish'] as const

export type Scope = (typeof scopes)[number]

/**
 * Creates the error INSUFFICIENT_SCOPE, HTTP 403, with the challenge of RFC 6750, section 3.1. It names the missing
 * scope.
 */
export function insufficientScope(scope: Scope): GraphQLError {
  const headers = { 'www-authenticate': toScopeChallenge(scope) }
  return fault('INSUFFICIENT_SCOPE', `Expected a token with the scope ${scope}.`, {
    status: 403,
    headers,
    extensions: { scope },
  })
}

/** The value of WWW-Authenticate for a token that lacks a scope (RFC 6750, section 3). */
export function toScopeChallenge(scope: Scope): string {
  return `Bearer error="insufficient_scope", scope="${scope}"`
}
