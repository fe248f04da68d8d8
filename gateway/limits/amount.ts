/** A request's variables as they came, not yet coerced. */
export type Variables = Readonly<Record<string, unknown>>

/** A number, or what makes it of a request's variables. */
export type Amount = number | ((variables: Variables) => number)

export function evaluate(amount: Amount, variables: Variables): number {
  return typeof amount === 'number' ? amount : amount(variables)
}

/** The sum, a number where all are. */
export function sum(amounts: readonly Amount[]): Amount {
  const known = amounts.reduce<number>((total, one) => (typeof one === 'number' ? total + one : total), 0)
  const open = amounts.filter((one) => typeof one !== 'number')
  return open.length === 0 ? known : (variables) => open.reduce((total, one) => total + one(variables), known)
}

/** The product, a number where both are. */
export function product(one: Amount, other: Amount): Amount {
  return typeof one === 'number' && typeof other === 'number' ? one * other : (variables) => evaluate(one, variables) * evaluate(other, variables)
}
