import type { Plugin } from 'graphql-yoga'
import type { ServiceLog } from '../../schema/http/service-log.ts'

/** Answers POST /fhir: a FHIR endpoint that checks its own caller and its own body. */
export type PublishHandler = (request: Request) => Promise<Response>

/** A handler that throws has a bug: 500, logged, and nothing of it told. */
export function usePublishing(publish: PublishHandler | undefined, log: ServiceLog): Plugin {
  const answer = async (handle: PublishHandler, request: Request): Promise<Response> => {
    if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } })
    try {
      return await handle(request)
    } catch (error) {
      log('Publishing failed', error)
      return new Response(null, { status: 500 })
    }
  }
  return {
    async onRequest({ request, url, endResponse }) {
      if (url.pathname === '/fhir' && publish) endResponse(await answer(publish, request))
    },
  }
}
