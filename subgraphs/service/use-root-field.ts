import type { IncomingMessage } from 'node:http'
import { type DocumentNode, getOperationAST, Kind } from 'graphql'
import type { Plugin } from 'graphql-yoga'

/** Notes the root field of each operation that runs, as the schema names it: of several, the first. `req` is node's request, where there is one. */
export function useRootField(note: (request: IncomingMessage, field: string) => void): Plugin<{ readonly req?: IncomingMessage }> {
  return {
    onExecute({ args }) {
      const { req } = args.contextValue
      const field = req && toRootField(args.document, args.operationName)
      if (req && field) note(req, field)
    },
  }
}

function toRootField(document: DocumentNode, operationName: string | null | undefined): string | undefined {
  const [first] = getOperationAST(document, operationName)?.selectionSet.selections ?? []
  // What runs has been validated: a field of ours, or one of introspection.
  return first?.kind === Kind.FIELD && !first.name.value.startsWith('__') ? first.name.value : undefined
}
