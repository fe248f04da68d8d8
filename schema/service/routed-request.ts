import { fault } from '../graphql-errors.ts'
import type { RouteMatch } from './router.ts'

/** A request with its route and its verified caller. */
export class RoutedRequest<Name extends string, Caller> {
  readonly match: RouteMatch<Name>
  /** Scheme and authority by which the service was reached, such as `http://127.0.0.1:4000`. */
  readonly origin: string
  #caller: Caller | null = null

  constructor(match: RouteMatch<Name>, origin: string) {
    this.match = match
    this.origin = origin
  }

  admit(caller: Caller): void {
    this.#caller = caller
  }

  get isAdmitted(): boolean {
    return this.#caller !== null
  }

  /** The verified caller. Throws UNAUTHENTICATED (401) if there is none, so that a forgotten check answers nobody. */
  get caller(): Caller {
    if (this.#caller === null)
      throw fault('UNAUTHENTICATED', 'Expected a verified caller.', {
        status: 401,
        headers: { 'www-authenticate': 'Bearer' },
      })
    return this.#caller
  }
}

/** The part of graphql-yoga's server context that every request has. */
export interface RoutedContext<Name extends string, Caller> {
  readonly routed: RoutedRequest<Name, Caller>
}
