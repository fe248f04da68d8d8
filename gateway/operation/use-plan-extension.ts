import type { Plugin } from 'graphql-yoga'
import type { RegionQueryText } from '../regions/region-loader.ts'

/** The request header by which an integrator asks to see, in `extensions.plan`, what each region is asked: `X-Plan: show`. */
export const planHeader = 'x-plan'

/** Shows what each region was asked, texts without any value. For development: who may see it is settled where the context is made. */
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
