import { textsOf } from '../view/kept-views.ts'
import type { PrintScope } from './compile-printer.ts'
import type { RootPlan } from './operation-plan.ts'

const mostTexts = 8

const numbers = new WeakMap<RootPlan, number>()
let count = 0

/** Prints what a root field gave as JSON. What was printed of a kept view for the same plan and variables is not printed again, where that asks nothing of the request. */
export function createPrinter({ coerced }: PrintScope['variableValues']): (root: RootPlan, value: unknown, scope: PrintScope) => string {
  return (root, value, scope) => {
    const known = root.asksRequest || typeof value !== 'object' || value === null ? null : textsOf(value)
    if (!known) return root.print(value, scope)
    const key = `${numberOf(root)} ${JSON.stringify(coerced)}`
    const found = known.get(key)
    if (found !== undefined) return found
    const text = root.print(value, scope)
    // What is met only while printing may ask the request too.
    if (root.asksRequest) return text
    if (known.size >= mostTexts) known.clear()
    // A string that was put together of pieces is a tree of them in V8, walked again each time it is sent: kept is a copy in one piece.
    const whole = Buffer.from(text).toString()
    known.set(key, whole)
    return whole
  }
}

function numberOf(root: RootPlan): number {
  const known = numbers.get(root) ?? ++count
  numbers.set(root, known)
  return known
}
