import type { Plugin } from 'graphql-yoga'
import type { Executor, RootResults } from './execute-operation.ts'

/** What of an operation was answered before it came to yoga. */
export interface Begun {
  readonly rootResults?: RootResults
}

/** Lets operations be answered by our executor in place of graphql-js's, those that have begun from where they are. */
export function useExecutor({ execute }: Pick<Executor, 'execute'>): Plugin<Begun, Begun> {
  return {
    onExecute({ setExecuteFn, args }) {
      const { rootResults } = args.contextValue as Begun
      setExecuteFn(rootResults ? (asked) => execute({ ...asked, rootValue: rootResults }) : execute)
    },
  }
}
