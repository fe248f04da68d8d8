import type { RegionConfiguration } from '../../schema/regions.ts'
import type { DemoProcess } from './demo-processes.ts'

export interface Welcome {
  readonly gateway: DemoProcess
  readonly stores: readonly (DemoProcess & { readonly region: RegionConfiguration })[]
  readonly logFolder: string
  /** From the start to readiness. */
  readonly seconds: number
}

/** What a person who has just started the demo needs: where things are, and a first query. */
export function welcome({ gateway, stores, logFolder, seconds }: Welcome): string {
  const line = (what: string, url: string, { child }: DemoProcess) => `  ${what.padEnd(40)} ${url.padEnd(32)} pid ${child.pid}`
  return `
Share2Care Gateway is ready after ${seconds.toFixed(1)} s.

${line('GraphiQL, with a demo token in place', `${gateway.url}/graphql`, gateway)}
${line('Operations: latency, by region', `${gateway.url}/ops`, gateway)}
${line('Weekly utilisation report', `${gateway.url}/utilisation`, gateway)}
${stores.map((store) => line(`${store.name} (${store.region.name})`, store.url, store)).join('\n')}
  ${'Logs, a line a request'.padEnd(40)} ${logFolder}

A first query, from another terminal (npm run people lists whom to try):

  curl ${gateway.url}/graphql \\
    -H "authorization: Bearer $(npm run --silent token)" -H 'content-type: application/json' \\
    -d '{"query":"{ patient(nhsNumber: \\"9990000018\\") { demographics { name { full } } completeness { complete message } allergies { message nodes { substance { text } sources { region } } } } }"}'

A store that ends (kill its pid) does not end the others: the answers then say what is missing. Ctrl+C stops all.
`
}
