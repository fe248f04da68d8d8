import type { Plugin } from 'graphql-yoga'

/** Operations come by POST only, so that nothing of a patient is ever in a URL; answers are kept by no cache on the way. */
export function useHttpRules(endpoint: string): Plugin {
  return {
    onRequest({ request, url, endResponse, fetchAPI }) {
      if (url.pathname !== endpoint || request.method === 'POST') return
      const body = { errors: [{ message: 'Expected the operation in the body of a POST request.', extensions: { code: 'METHOD_NOT_ALLOWED' } }] }
      endResponse(new fetchAPI.Response(JSON.stringify(body), { status: 405, headers: { allow: 'POST', 'content-type': 'application/json; charset=utf-8' } }))
    },
    onResponse({ response }) {
      response.headers.set('cache-control', 'no-store')
      response.headers.set('x-content-type-options', 'nosniff')
    },
  }
}
