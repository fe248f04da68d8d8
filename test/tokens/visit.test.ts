import { describe, expect, expectTypeOf, test } from 'vitest'
import type { VerifiedViewer } from '../../gateway/http/use-bearer-token.ts'
import type { RequestContext } from '../../gateway/request-context.ts'
import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { gatewayRoutes } from '../../schema/http/routes.ts'
import { Visit } from '../../schema/http/visit.ts'
import type { ServiceContext } from '../../subgraphs/service/resolvers.ts'

describe('a request whose caller nobody verified', () => {
  test('has no caller to read, whatever forgot to ask: that is UNAUTHENTICATED', () => {
    const visit = new Visit<'graphql', string>({ status: 'matched', name: 'graphql', route: gatewayRoutes.graphql, parameter: '' }, 'http://gateway')
    expect(visit.isAdmitted).toBe(false)
    expect(() => visit.caller).toThrow(
      expect.objectContaining({ extensions: expect.objectContaining({ code: 'UNAUTHENTICATED', http: expect.objectContaining({ status: 401 }) }) }),
    )
    visit.admit('a viewer')
    expect([visit.isAdmitted, visit.caller]).toEqual([true, 'a viewer'])
  })

  test('has no context that resolvers could run with: none of it is optional', () => {
    expectTypeOf<Pick<RequestContext, 'token' | 'holder'>>().toEqualTypeOf<Pick<VerifiedViewer, 'token' | 'holder'>>()
    expectTypeOf<RequestContext['holder']>().toEqualTypeOf<TokenHolder>()
    expectTypeOf<ServiceContext>().toEqualTypeOf<{ readonly viewer: TokenHolder; readonly access: AccessContext }>()
  })
})
