import { Pool } from 'undici'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import { closeOnSignal } from '../../../schema/service/close-on-signal.ts'
import { listen } from '../../../schema/service/listen.ts'
import { loadBaselineSettings } from './baseline-settings.ts'
import { toRegionQuery } from './region-query.ts'

/**
 * Near the least that Node can spend on the view: one prepared query to each store, their answers' bytes side by side.
 * No GraphQL, nothing verified, merged or recorded.
 */
if (import.meta.main) {
  const { port, regions, headersFor } = await loadBaselineSettings(process.env)
  const pools = regions.map((region) => ({
    region,
    pool: new Pool(region.url, { connections: 64, pipelining: 1 }),
    query: `query View($nhsNumber: NHSNumber!) { ${toRegionQuery(region.viewField)} }`,
  }))

  const ask = async (
    { region, pool, query }: { readonly region: RegionConfiguration; readonly pool: Pool; readonly query: string },
    authorization: string | undefined,
    variables: unknown,
  ) => {
    const headers = await headersFor(region, authorization)
    const { body } = await pool.request({
      path: '/graphql',
      method: 'POST',
      headers,
      body: JSON.stringify({ query, variables }),
    })
    return Buffer.from(await body.arrayBuffer())
  }

  const comma = Buffer.from(',')
  const { url, close } = await listen(
    (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', async () => {
        const { variables } = JSON.parse(Buffer.concat(chunks).toString())
        const answers = await Promise.all(pools.map((one) => ask(one, request.headers.authorization, variables)))
        const body = Buffer.concat([
          Buffer.from('['),
          ...answers.flatMap((answer, index) => (index === 0 ? [answer] : [comma, answer])),
          Buffer.from(']'),
        ])
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length }).end(body)
      })
    },
    { port },
  )
  console.log(`floor listens at ${url}`)
  closeOnSignal(close)
}
