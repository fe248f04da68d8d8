import { describe, expect, expectTypeOf, test } from 'vitest'
import type { RequestContext } from '../../gateway/request/request-context.ts'
import type { TokenHolder, VerifiedViewer } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { RoutedRequest } from '../../schema/service/routed-request.ts'
import { gatewayRoutes } from '../../schema/service/routes.ts'
import type { StoreRequestContext } from '../../subgraphs/service/resolvers.ts'

describe('a request whose caller is not verified', () => {
  test('reading the caller of an unverified request is UNAUTHENTICATED', () => {
    const routed = new RoutedRequest<'graphql', string>(
      { status: 'matched', name: 'graphql', route: gatewayRoutes.graphql, parameter: '' },
      'http://gateway',
    )
    expect(routed.isAdmitted).toBe(false)
    expect(() => routed.caller).toThrow(
      expect.objectContaining({
        extensions: expect.objectContaining({
          code: 'UNAUTHENTICATED',
          http: expect.objectContaining({ status: 401 }),
        }),
      }),
    )
    routed.admit('a viewer')
    expect([routed.isAdmitted, routed.caller]).toEqual([true, 'a viewer'])
  })

  test('an unverified request has no context for resolvers, because none of it is optional', () => {
    expectTypeOf<Pick<RequestContext, 'token' | 'holder'>>().toEqualTypeOf<Pick<VerifiedViewer, 'token' | 'holder'>>()
    expectTypeOf<RequestContext['holder']>().toEqualTypeOf<TokenHolder>()
    expectTypeOf<StoreRequestContext>().toEqualTypeOf<{
      readonly viewer: TokenHolder
      readonly access: AccessContext
    }>()
  })
})
