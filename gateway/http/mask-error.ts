import { GraphQLError } from 'graphql'
import { isUnexpected, toSafeError } from '../../schema/graphql-errors.ts'

/** The form of any error that may go to a client; what was not expected is told to `report` whole. */
export function createErrorMask(report: (error: unknown) => void): (error: unknown) => Error {
  return (error) => {
    const asGraphQLError = error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) })
    if (isUnexpected(asGraphQLError)) report(asGraphQLError.originalError ?? error)
    return toSafeError(asGraphQLError)
  }
}
