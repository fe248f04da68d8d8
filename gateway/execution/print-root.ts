import { findText, keepsTexts, keepText } from '../view/kept-texts.ts'
import type { PrintScope } from './compile-printer.ts'
import type { RootPlan } from './operation-plan.ts'

const numbers = new WeakMap<RootPlan, number>()
let count = 0

/** Prints what a root field gave as JSON. What was printed of a kept view for the same plan and variables is not printed again, where that asks nothing of the request. */
export function createPrinter({ coerced }: PrintScope['variableValues']): (root: RootPlan, value: unknown, scope: PrintScope) => string {
  return (root, value, scope) => {
    if (root.asksRequest || typeof value !== 'object' || value === null || !keepsTexts(value)) return root.print(value, scope)
    const key = `${numberOf(root)} ${JSON.stringify(coerced)}`
    const found = findText(value, key)
    if (found !== undefined) return found
    const text = root.print(value, scope)
    // What is met only while printing may ask the request too.
    if (!root.asksRequest) keepText(value, key, text)
    return text
  }
}

function numberOf(root: RootPlan): number {
  const known = numbers.get(root) ?? ++count
  numbers.set(root, known)
  return known
}
