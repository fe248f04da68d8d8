import { readdirSync, readFileSync } from 'node:fs'
import { renderGraphiQL } from '@graphql-yoga/render-graphiql'
import type { GraphiQLOptions, YogaServerOptions } from 'graphql-yoga'

export interface GraphiQLPageOptions {
  /** Mints the tokens to put in place when the page is opened; in the demo only. */
  readonly mintToken?: (who: 'clinician' | Office) => Promise<string>
  /** The variables that make the published operations show something. */
  readonly exampleVariables: Readonly<Record<string, unknown>>
}

/** Who sends operations that are not for clinicians. */
export type Office = 'privacy officer' | 'programme office'

/** GraphiQL as yoga serves it, without internet, with the published operations in its tabs. */
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
        // Sent with every operation, after a reload too; an authorization in the headers editor takes its place.
        additionalHeaders: token === undefined ? {} : { authorization: `Bearer ${token}` },
        shouldPersistHeaders: false,
      }
      // Beyond yoga's types: the first tab's query and variables are also the page's own, by which it finds that tab again after a reload;
      // and no query is written into the address bar, where an NHS number in it would reach histories and logs.
      return Object.assign(options, tabs[0], { onEditQuery: null })
    },
  }
}

/** Dragging tabs to another place moves them from under a plain click in Chromium; they need not be dragged. The title stays on one line. */
const tabStyles = '<style>.graphiql-tab { transform: none !important; } .graphiql-logo { white-space: nowrap; }</style>'

const operationsFolder = new URL('../../schema/operations/', import.meta.url)
/** With which words an operation begins that is for an office; its tab has that office's token in the headers editor until the page is reloaded. */
const officeComments: readonly (readonly [string, Office])[] = [
  ['# For privacy officers:', 'privacy officer'],
  ['# For the programme office:', 'programme office'],
]
/** The first tab is the one a newcomer sees. */
const firstOperation = 'patient-summary.graphql'

function loadOperationTexts(): readonly string[] {
  const files = readdirSync(operationsFolder).filter((name) => name.endsWith('.graphql'))
  files.sort((a, b) => Number(b === firstOperation) - Number(a === firstOperation) || a.localeCompare(b))
  return files.map((name) => readFileSync(new URL(name, operationsFolder), 'utf8'))
}

/** The examples for the variables that a query declares. */
function pickVariables(query: string, examples: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(examples).filter(([name]) => query.includes(`$${name}:`)))
}
