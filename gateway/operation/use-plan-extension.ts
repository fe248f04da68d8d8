import type { Plugin } from 'graphql-yoga'
import type { RegionQueryText } from '../regions/region-loader.ts'

/** The request header by which an integrator asks for each region's queries in `extensions.plan`: `X-Plan: show`. */
export const planHeader = 'x-plan'

/**
 * Adds the queries that each region was sent, without values. For development; createContext decides who may see
 * them.
 */
export function usePlanExtension(): Plugin<{ readonly regionQueries: readonly RegionQueryText[] | null }> {
  return {
    onExecute({ args }) {
      const { regionQueries } = args.contextValue
      if (regionQueries === null) return
      return {
        onExecuteDone({ result, setResult }) {
          if ('data' in result || 'errors' in result)
            setResult({ ...result, extensions: { ...result.extensions, plan: { regions: regionQueries } } })
        },
      }
    },
  }
}
