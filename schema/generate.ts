import { readFileSync, writeFileSync } from 'node:fs'
import { codegen } from '@graphql-codegen/core'
import * as typescript from '@graphql-codegen/typescript'
import { parse } from 'graphql'

const read = (name: string) => readFileSync(new URL(name, import.meta.url), 'utf8')

/** Generates the TypeScript types of an SDL. Scalars are strings on the wire. */
async function generateTypes(sdl: string): Promise<string> {
  const types = await codegen({
    filename: '',
    documents: [],
    schema: parse(sdl),
    plugins: [{ typescript: {} }],
    pluginMap: { typescript },
    config: {
      enumsAsTypes: true,
      immutableTypes: true,
      skipTypename: true,
      avoidOptionals: { field: true, object: true, inputValue: false, defaultValue: false },
      maybeValue: 'T | null',
      inputMaybeValue: 'T | null | undefined',
      useTypeImports: true,
      scalars: {
        NHSNumber: 'string',
        DateTime: 'string',
        PartialDateTime: 'string',
        Decimal: 'string',
        ID: 'string',
        RegionCode: 'string',
      },
      disableDescriptions: true,
    },
  })
  return `// Generated from the SDL by \`npm run generate\`; do not edit.\n${types}`
}

/** Lists the generated files of this folder, each with its content. */
export async function generateFiles(): Promise<ReadonlyMap<string, string>> {
  return new Map([
    [
      'generated/region.ts',
      await generateTypes(
        `type Query { view: ViewReply!, documents: [DocumentReply!]!, counts: DocumentCounts! }\n${read('clinical.graphql')}`,
      ),
    ],
    // The gateway's code reads region codes as strings, because the list of regions is configuration.
    ['generated/patient-view.ts', await generateTypes(`scalar RegionCode\n${read('patient-view.graphql')}`)],
  ])
}

if (import.meta.main) {
  for (const [name, content] of await generateFiles()) writeFileSync(new URL(name, import.meta.url), content)
}
