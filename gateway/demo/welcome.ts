import type { RegionConfiguration } from '../../schema/regions.ts'

export interface Welcome {
  readonly gatewayUrl: string
  readonly regions: readonly RegionConfiguration[]
  /** From the start to readiness. */
  readonly seconds: number
}

/** What a person who has just started the demo needs: where things are, and a first query. */
export function welcome({ gatewayUrl, regions, seconds }: Welcome): string {
  const stores = regions.map(({ applicationName, name, url }) => `  ${`${applicationName} (${name})`.padEnd(40)} ${url}`)
  return `
Share2Care Gateway is ready after ${seconds.toFixed(1)} s.

  ${'GraphiQL, with a demo token in place'.padEnd(40)} ${gatewayUrl}/graphql
${stores.join('\n')}

A first query, from another terminal (npm run people lists whom to try):

  curl ${gatewayUrl}/graphql \\
    -H "authorization: Bearer $(npm run --silent token)" -H 'content-type: application/json' \\
    -d '{"query":"{ patient(nhsNumber: \\"9990000018\\") { demographics { name { full } } completeness { complete message } allergies { message nodes { substance { text } sources { region } } } } }"}'

Ctrl+C stops it.
`
}
