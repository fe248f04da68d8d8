import type { PrintScope } from './compile-printer.ts'
import type { RootPlan } from './operation-plan.ts'

const mostTexts = 8

// By value, by what prints it and the variables: what has been printed of it.
const texts = new WeakMap<object, Map<string, string>>()
const numbers = new WeakMap<RootPlan, number>()
let count = 0

/** Prints what a root field gave as JSON. What was printed of the same value for the same plan and variables is not printed again, where that asks nothing of the request. */
export function createPrinter({ coerced }: PrintScope['variableValues']): (root: RootPlan, value: unknown, scope: PrintScope) => string {
  let variables: string | null = null
  return (root, value, scope) => {
    if (root.asksRequest || typeof value !== 'object' || value === null || Array.isArray(value)) return root.print(value, scope)
    variables ??= JSON.stringify(coerced)
    const key = `${numberOf(root)} ${variables}`
    const known = texts.get(value) ?? new Map<string, string>()
    const found = known.get(key)
    if (found !== undefined) return found
    const text = root.print(value, scope)
    // What is met only while printing may ask the request too.
    if (root.asksRequest) return text
    if (known.size >= mostTexts) known.clear()
    texts.set(value, known.set(key, text))
    return text
  }
}

function numberOf(root: RootPlan): number {
  const known = numbers.get(root) ?? ++count
  numbers.set(root, known)
  return known
}
