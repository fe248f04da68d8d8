import type { GraphQLSchema } from 'graphql'
import { createYoga } from 'graphql-yoga'
import type { VerifiedViewer } from '../../schema/access-token.ts'
import { type GatewayRoute, gatewayRoutes } from '../../schema/service/routes.ts'
import { useJsonRequests } from '../../schema/service/use-json-requests.ts'
import { type RouteHandlers, useRouteHandlers } from '../../schema/service/use-route-handlers.ts'
import { useSafeErrors } from '../../schema/service/use-safe-errors.ts'
import { type Executor, type StartedOperation, useExecutor } from '../operation/execute-operation.ts'
import { planHeader, usePlanExtension } from '../operation/use-plan-extension.ts'
import type { CreateRequestContext, RequestContext } from '../request/request-context.ts'
import { type GatewayServerContext, useBearerToken } from '../server/authentication.ts'
import { createGraphiQLPage } from '../server/graphiql-page.ts'
import { type AdmissionContext, useOperationGate } from '../server/operation-gate.ts'
import { useOperationReader } from '../server/operation-reader.ts'
import { type ObservedRequest, useObservation, useObservedErrors } from '../server/use-observation.ts'
import { useHtmlPolicy } from '../server/with-safe-headers.ts'
import type { Admission } from './admission.ts'
import type { GatewaySettings } from './gateway-options.ts'
import type { Observation } from './observation.ts'

export interface YogaServerOptions {
  readonly settings: Pick<GatewaySettings, 'graphiql' | 'maxBodyBytes' | 'showsPlans' | 'usesPlans' | 'log'>
  readonly schema: GraphQLSchema
  readonly executor: Executor
  readonly admission: Admission
  readonly observation: Observation
  readonly routeHandlers: RouteHandlers<GatewayRoute, VerifiedViewer>
  readonly createRequestContext: CreateRequestContext
}

/** Creates the server that answers every request, in the order of its plugins. */
export function createYogaServer({
  settings: { graphiql, maxBodyBytes, showsPlans, usesPlans, log },
  schema,
  executor,
  admission,
  observation,
  routeHandlers,
  createRequestContext,
}: YogaServerOptions) {
  const graphiqlPage = graphiql === null ? null : createGraphiQLPage(graphiql)
  return createYoga<
    GatewayServerContext & StartedOperation & AdmissionContext & Required<ObservedRequest>,
    RequestContext
  >({
    schema,
    graphqlEndpoint: gatewayRoutes.graphql.template,
    plugins: [
      useObservation({
        requests: observation.requests,
        toOperationName: admission.trustedDocuments.findName,
      }),
      useBearerToken(admission.authenticate),
      useRouteHandlers<GatewayRoute, VerifiedViewer>(routeHandlers),
      useJsonRequests(maxBodyBytes),
      useOperationGate(admission.operationGate),
      useOperationReader(admission.operationReader),
      usesPlans ? useExecutor(executor) : {},
      usePlanExtension(),
      useSafeErrors(log),
      useObservedErrors(observation.requests),
      useHtmlPolicy(),
    ],
    context: ({ request, routed, recorder }): RequestContext =>
      createRequestContext({
        viewer: routed.caller,
        origin: routed.origin,
        recorder,
        dependencies: null,
        showsPlan: showsPlans && request.headers.get(planHeader) === 'show',
      }),
    graphiql: graphiqlPage?.graphiql ?? false,
    ...(graphiqlPage?.renderGraphiQL ? { renderGraphiQL: graphiqlPage.renderGraphiQL } : {}),
    // useSafeErrors and useJsonRequests do these, because yoga's own see neither errors of parsing nor aborted bodies.
    maskedErrors: false,
    maxRequestBodySize: false,
    // The operation reader caches documents; withCors runs before yoga, for the requests that never reach it too.
    parserAndValidationCache: false,
    landingPage: false,
    multipart: false,
    cors: false,
    logging: false,
  })
}
