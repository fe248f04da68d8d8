import type { Plugin } from 'graphql-yoga'
import type { Executor } from './execute-operation.ts'

/** Lets operations be answered by an executor of ours in place of graphql-js's. */
export function useExecutor(execute: Executor): Plugin {
  return {
    onExecute({ setExecuteFn }) {
      setExecuteFn(execute)
    },
  }
}
