import type { Plugin } from 'graphql-yoga'
import type { VisitedGateway } from '../http/use-bearer-token.ts'
import type { Entered, Entrance } from './entrance.ts'

/** What of a request was let in; where that was before it came to yoga, whoever let it in disposes of it. */
export interface LetIn {
  letIn?: Entered
}

/** Lets operations in, when their bodies are there, until they are answered. */
export function useEntrance({ enter }: Entrance): Plugin<object, VisitedGateway & LetIn> {
  const inside = new WeakMap<object, Entered>()
  return {
    onParams({ context }) {
      if (context.letIn) return
      const entered = enter(context.visit.caller.holder.id)
      if (entered.refusal) throw entered.refusal
      context.letIn = entered
      inside.set(context, entered)
    },
    onResponse({ serverContext }) {
      inside.get(serverContext)?.[Symbol.dispose]()
    },
  }
}
