/** A request's variables as they came, not yet coerced. */
export type Variables = Readonly<Record<string, unknown>>

/** A number, or what makes it of a request's variables. */
export type Amount = number | ((variables: Variables) => number)

export function evaluate(amount: Amount, variables: Variables): number {
  return typeof amount === 'number' ? amount : amount(variables)
}

/** The variable that a request gives, as graphql-js looks it up: an own property, so that `$constructor` is no function. Undefined: it is not given. */
export function givenVariable(variables: Variables, name: string): unknown {
  return Object.hasOwn(variables, name) ? variables[name] : undefined
}

/** The sum, a number where all are. */
export function sum(amounts: readonly Amount[]): Amount {
  return combine(amounts, (one, other) => one + other, 0)
}

/** The product, a number where all are. */
export function product(...amounts: readonly Amount[]): Amount {
  return combine(amounts, (one, other) => one * other, 1)
}

/** The largest, at least 0; a number where all are. */
export function largest(amounts: readonly Amount[]): Amount {
  return combine(amounts, Math.max, 0)
}

function combine(amounts: readonly Amount[], operate: (one: number, other: number) => number, neutral: number): Amount {
  const known = amounts.reduce<number>((result, one) => (typeof one === 'number' ? operate(result, one) : result), neutral)
  const open = amounts.filter((one) => typeof one !== 'number')
  return open.length === 0 ? known : (variables) => open.reduce((result, one) => operate(result, one(variables)), known)
}
