import type { GraphQLError } from 'graphql'

/** A GraphQL error as the body of a response, in the media type that was asked for (`accept`), without what is for HTTP alone. */
export function toErrorBody(accept: string | null | undefined, error: GraphQLError): { readonly type: string; readonly text: string } {
  const { http: _, ...extensions } = error.extensions
  const type = accept?.includes('application/graphql-response+json') ? 'application/graphql-response+json' : 'application/json'
  return { type: `${type}; charset=utf-8`, text: JSON.stringify({ errors: [{ message: error.message, extensions }] }) }
}
