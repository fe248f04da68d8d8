import { stitchSchemas } from '@graphql-tools/stitch'
import type { ExecutionRequest, ExecutionResult } from '@graphql-tools/utils'
import { RenameTypes } from '@graphql-tools/wrap'
import { buildSchema, type DocumentNode, print } from 'graphql'
import { createYoga } from 'graphql-yoga'
import { Pool } from 'undici'
import type { RegionConfiguration } from '../../../schema/regions.ts'
import { readRegionalSdl } from '../../../schema/sdl.ts'
import { closeOnSignal } from '../../../schema/service/close-on-signal.ts'
import { listen } from '../../../schema/service/listen.ts'
import { loadBaselineSettings } from './baseline-settings.ts'

/** Plain @graphql-tools/stitch under graphql-yoga over the same stores: GraphQL by the book, nothing verified, merged or recorded. */
if (import.meta.main) {
  const { port, regions, headersFor } = await loadBaselineSettings(process.env)
  const shared = new Set(['NHSNumber', 'DateTime', 'PartialDateTime', 'Decimal'])

  const toSubschema = (region: RegionConfiguration) => {
    const pool = new Pool(region.url, { connections: 64, pipelining: 1 })
    const printed = new WeakMap<DocumentNode, string>()
    const textOf = (document: DocumentNode) => {
      const text = printed.get(document) ?? print(document)
      printed.set(document, text)
      return text
    }
    const schema = buildSchema(readRegionalSdl(region))
    return {
      schema,
      transforms: [new RenameTypes((name) => (shared.has(name) ? name : `${region.typePrefix}${name}`))],
      executor: async <Data>({ document, variables, context }: ExecutionRequest) => {
        const headers = await headersFor(region, context?.request.headers.get('authorization'))
        const { body } = await pool.request({
          path: '/graphql',
          method: 'POST',
          headers,
          body: JSON.stringify({ query: textOf(document), variables }),
        })
        return (await body.json()) as ExecutionResult<Data>
      },
    }
  }

  const schema = stitchSchemas({ subschemas: regions.map(toSubschema) })
  const { url, close } = await listen(createYoga({ schema, logging: false, graphiql: false }), { port })
  console.log(`stitch listens at ${url}`)
  closeOnSignal(close)
}
