import { policyToJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Rule } from './rule.ts'

/** The attributes that some rules read, and the literals that they compare them with. */
export interface RuleInputs {
  readonly attributes: ReadonlySet<string>
  readonly texts: ReadonlySet<string>
  readonly numbers: ReadonlySet<number>
}

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=', 'contains', 'containsAll', 'containsAny'])
const plain = new Set(['Var', 'Set', '&&', '||', '!', '.', 'has', 'is', 'if-then-else', 'datetime', ...comparisons])

/**
 * Reads the inputs from the rules' syntax trees. Requests whose attributes compare alike with these literals get the
 * same verdict, so far fewer verdicts need computing and caching. Null if a rule does more than compare with literals,
 * because then every fact may matter.
 */
export function readRuleInputs(rules: readonly Rule[]): RuleInputs | null {
  const attributes = new Set<string>()
  const texts = new Set<string>()
  const numbers = new Set<number>()

  /** Whether an expression and everything in it only compares with literals. */
  const isPlain = (expression: object): boolean =>
    Object.entries(expression).every(([operator, operand]) => {
      if (operator === 'Value') {
        if (typeof operand === 'string') texts.add(operand)
        if (typeof operand === 'number') numbers.add(operand)
        return true
      }
      if (operator === '.' || operator === 'has') for (const name of [operand.attr].flat()) attributes.add(name)
      const isComparing = !comparisons.has(operator) || isLiteral(operand.left) || isLiteral(operand.right)
      // Every branch is visited, because each may mention attributes.
      return toBranches(operand).map(isPlain).every(Boolean) && plain.has(operator) && isComparing
    })

  const arePlain = rules.flatMap(toConditions).map(isPlain)
  return arePlain.every(Boolean) ? { attributes, texts, numbers } : null
}

function toConditions({ text }: Rule): readonly object[] {
  const answer = policyToJson(text)
  if (answer.type === 'failure')
    throw new Error(`Cedar parses a policy once and not twice: ${answer.errors[0]?.message}`)
  return answer.json.conditions.map(({ body }) => body)
}

function toBranches(operand: object): readonly object[] {
  return Object.values(operand).filter((value): value is object => typeof value === 'object' && value !== null)
}

function isLiteral(expression: object): boolean {
  return (
    'Value' in expression ||
    'datetime' in expression ||
    ('Set' in expression && Array.isArray(expression.Set) && expression.Set.every(isLiteral))
  )
}
