import { once } from 'node:events'
import { connect } from 'node:net'
import { createSchema, createYoga } from 'graphql-yoga'
import { expect, test } from 'vitest'
import { loadPublishers } from '../../schema/publishers.ts'
import { listen } from '../../schema/service/listen.ts'
import { useJsonRequests } from '../../schema/service/use-json-requests.ts'
import { useSafeErrors } from '../../schema/service/use-safe-errors.ts'
import { createFhirEndpoint } from '../../subgraphs/publishing/fhir-endpoint.ts'
import { loadRegion } from '../../subgraphs/service/store-settings.ts'

test.each(['/graphql', '/fhir'])(
  'a client that hangs up in the middle of its body to %s leaves no line in the log',
  async (path) => {
    const logged: unknown[] = []
    const log = (message: string, error: unknown) => logged.push(message, error)
    const begun = Promise.withResolvers<void>()
    const answered = Promise.withResolvers<number>()
    const publish = createFhirEndpoint({
      publishers: loadPublishers(loadRegion('cheshire-merseyside')),
      store: { publish: () => expect.fail('half a Bundle was published') },
      verifyToken: async () => ({
        id: '1',
        name: null,
        role: { system: '', code: '', display: null },
        areaOfWork: null,
        nhsNumber: null,
        organisation: { odsCode: 'REM', name: null },
        scopes: ['publish'],
        verifiedUntilMs: 0,
        purpose: null,
      }),
    })
    const yoga = createYoga({
      schema: createSchema({ typeDefs: 'type Query { hello: String }' }),
      plugins: [
        { onRequest: () => begun.resolve() },
        {
          async onRequest({ request, endResponse }) {
            if (path === '/fhir') endResponse(await publish(request))
          },
        },
        useJsonRequests(1_000_000),
        useSafeErrors(log),
        { onResponse: ({ response }) => answered.resolve(response.status) },
      ],
      maxRequestBodySize: false,
      maskedErrors: false,
      logging: { debug() {}, info: log, warn: log, error: log } as never,
    })
    await using server = await listen(yoga, { port: 0 })
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
    await once(socket, 'connect')
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"query":`,
    )
    await begun.promise
    socket.destroy()
    expect([await answered.promise, logged]).toEqual([400, []])
  },
)
