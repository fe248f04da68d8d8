/** A request's variables before coercion. */
export type Variables = Readonly<Record<string, unknown>>

/** A number, or a function that computes it from a request's variables. */
export type CostExpression = number | ((variables: Variables) => number)

export function evaluateCost(amount: CostExpression, variables: Variables): number {
  return typeof amount === 'number' ? amount : amount(variables)
}

/**
 * Reads a variable as graphql-js does, as an own property, so that `$constructor` is no function. Undefined: not
 * given.
 */
export function readVariable(variables: Variables, name: string): unknown {
  return Object.hasOwn(variables, name) ? variables[name] : undefined
}

/** Sums; the result is a number if all amounts are. */
export function sum(amounts: readonly CostExpression[]): CostExpression {
  return combine(amounts, (one, other) => one + other, 0)
}

/** Multiplies; the result is a number if all amounts are. */
export function product(...amounts: readonly CostExpression[]): CostExpression {
  return combine(amounts, (one, other) => one * other, 1)
}

/** The maximum, at least 0; a number if all amounts are. */
export function maximum(amounts: readonly CostExpression[]): CostExpression {
  return combine(amounts, Math.max, 0)
}

function combine(
  amounts: readonly CostExpression[],
  operate: (one: number, other: number) => number,
  neutral: number,
): CostExpression {
  const constant = amounts.reduce<number>(
    (result, one) => (typeof one === 'number' ? operate(result, one) : result),
    neutral,
  )
  const variable = amounts.filter((one) => typeof one !== 'number')
  return variable.length === 0
    ? constant
    : (variables) => variable.reduce((result, one) => operate(result, one(variables)), constant)
}
