import { fault } from '../graphql-errors.ts'
import type { RouteMatch } from './router.ts'

/** One request from its routing to its answer: which route it has, and who was verified for it. */
export class RoutedRequest<Name extends string, Caller> {
  readonly match: RouteMatch<Name>
  /** Scheme and authority by which the service was reached, as `http://127.0.0.1:4000`. */
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

  /** Who asks. Throws UNAUTHENTICATED (401) where nobody was verified, so that nothing is answered to nobody whatever the caller forgot. */
  get caller(): Caller {
    if (this.#caller === null)
      throw fault('UNAUTHENTICATED', 'Expected a verified caller.', {
        status: 401,
        headers: { 'www-authenticate': 'Bearer' },
      })
    return this.#caller
  }
}

/** What graphql-yoga's server context holds of every request. */
export interface RoutedContext<Name extends string, Caller> {
  readonly routed: RoutedRequest<Name, Caller>
}
