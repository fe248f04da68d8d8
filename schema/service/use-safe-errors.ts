import { GraphQLError, Kind } from 'graphql'
import type { Plugin } from 'graphql-yoga'
import { isUnexpected, toSafeError } from '../graphql-errors.ts'
import type { ServiceLog } from './service-log.ts'

/** Makes every error of every result safe to show, and logs those that are bugs. */
export function useSafeErrors(log: ServiceLog): Plugin {
  const toSafe = (error: unknown): GraphQLError => {
    const told =
      error instanceof GraphQLError
        ? error
        : new GraphQLError('', { originalError: error instanceof Error ? error : new Error(String(error)) })
    // This logs the cause, because the GraphQLError around it prints the document.
    if (isUnexpected(told)) log(`A field failed: ${toFieldName(told)}`, told.originalError ?? told.message)
    return toSafeError(told)
  }
  return {
    onResultProcess({ result, setResult }) {
      if (Array.isArray(result) || !('errors' in result) || !result.errors) return
      setResult({ ...result, errors: result.errors.map(toSafe) })
    },
  }
}

/**
 * The field's name in the schema. Its path is not logged, because it has aliases, which may hold a patient's number.
 */
function toFieldName({ nodes }: GraphQLError): string {
  const field = nodes?.find((node) => node.kind === Kind.FIELD)
  return field?.kind === Kind.FIELD ? field.name.value : 'none'
}
