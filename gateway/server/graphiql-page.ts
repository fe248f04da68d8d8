import { readdirSync, readFileSync } from 'node:fs'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import type { GraphiQLOptions, YogaServerOptions } from 'graphql-yoga'

export interface GraphiQLPageOptions {
  /** Mints the tokens that the page opens with; in the demo only. */
  readonly mintToken?: (who: 'clinician' | Office) => Promise<string>
  /** Variables with which the published operations show something, by name. */
  readonly exampleVariables: Readonly<Record<string, unknown>>
}

/** The senders of operations that are not for clinicians. */
export type Office = 'privacy officer' | 'programme office'

/** Creates yoga's GraphiQL page without any request to another site, with the published operations in its tabs. */
export function createGraphiQLPage({
  mintToken,
  exampleVariables,
}: GraphiQLPageOptions): Pick<YogaServerOptions<object, object>, 'graphiql' | 'renderGraphiQL'> {
  return {
    renderGraphiQL: (options) => renderGraphiQL(options).replace('</head>', `${tabStyles}</head>`),
    graphiql: async () => {
      const token = await mintToken?.('clinician')
      const tokens = new Map<string, string | undefined>()
      for (const [comment, office] of officeComments) tokens.set(comment, await mintToken?.(office))
      const tabs = loadOperationTexts().map((query) => {
        const office = [...tokens].find(([comment]) => query.startsWith(comment))?.[1]
        return {
          query,
          variables: JSON.stringify(pickVariables(query, exampleVariables), null, 2),
          ...(office === undefined ? {} : { headers: JSON.stringify({ authorization: `Bearer ${office}` }, null, 2) }),
        }
      })
      const options: GraphiQLOptions = {
        title: 'Share2Care Gateway',
        defaultTabs: tabs,
        // GraphiQL sends these headers with every operation, after a reload too; the headers editor overrides them.
        additionalHeaders: token === undefined ? {} : { authorization: `Bearer ${token}` },
        shouldPersistHeaders: false,
      }
      // Yoga's types lack both options. With the first tab's query and variables as its own, the page finds that tab
      // after a reload. Without onEditQuery it writes no query into the address bar, where an NHS number would reach
      // histories and logs.
      return Object.assign(options, tabs[0], { onEditQuery: null })
    },
  }
}

/**
 * Disables the drag transform, which in Chromium moves tabs away from under a click, and keeps the title on one line.
 */
const tabStyles = '<style>.graphiql-tab { transform: none !important; } .graphiql-logo { white-space: nowrap; }</style>'

const operationsFolder = new URL('../../schema/operations/', import.meta.url)
/**
 * The first comment of an operation that is for an office; its tab carries that office's token until the page is
 * reloaded.
 */
const officeComments: readonly (readonly [string, Office])[] = [
  ['# For privacy officers:', 'privacy officer'],
  ['# For the programme office:', 'programme office'],
]
/** The tab that a newcomer sees first. */
const firstOperation = 'patient-summary.graphql'

function loadOperationTexts(): readonly string[] {
  const files = readdirSync(operationsFolder).filter((name) => name.endsWith('.graphql'))
  files.sort((a, b) => Number(b === firstOperation) - Number(a === firstOperation) || a.localeCompare(b))
  return files.map((name) => readFileSync(new URL(name, operationsFolder), 'utf8'))
}

/** Returns the example values of the variables that a query declares. */
function pickVariables(query: string, examples: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(examples).filter(([name]) => query.includes(`$${name}:`)))
}
