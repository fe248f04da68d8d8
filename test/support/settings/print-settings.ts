import { writeFileSync } from 'node:fs'
import { gatewaySettings } from '../../../gateway/configuration.ts'
import { loadRegions } from '../../../schema/regions.ts'
import type { Setting, Settings } from '../../../schema/service/load-settings.ts'
import { seedSettings } from '../../../subgraphs/demo/seed-settings.ts'
import { storeSettings } from '../../../subgraphs/service/store-settings.ts'

interface Row {
  readonly name: string
  readonly processes: string
  readonly setting: Setting<unknown>
}

/**
 * The page of every setting of the three processes, as it is checked in at gateway/deploy/settings.md: what the code
 * says of them in production.
 */
export function printSettings(): string {
  const [{ slug = '' } = {}] = loadRegions()
  const rows = toRows({
    gateway: gatewaySettings('production', {}),
    stores: storeSettings('production', slug),
    "demo's stores": seedSettings('production'),
  })
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return `# Settings

Every setting of the gateway and of the stores: environment variables, read at the start. A wrong one stops the start, by name:
\`NAME: expected ..., found ...\`. The defaults are those of production. Made from the code by \`npm run generate\`; do not edit.

${[line(['Name', 'Process', 'What', 'Default', 'Example']), line(Array(5).fill('---')), ...rows.map(({ name, processes, setting }) => line([`\`${name}\``, processes, setting.documentation.description, toDefault(setting), `\`${setting.documentation.example}\``]))].join('\n')}
`
}

function toRows(byProcess: Readonly<Record<string, Settings>>): readonly Row[] {
  const rows: Row[] = []
  for (const [process, settings] of Object.entries(byProcess)) {
    for (const [name, setting] of Object.entries(settings)) {
      const same = rows.findIndex((row) => row.name === name && toKey(row.setting) === toKey(setting))
      const found = rows[same]
      if (found) rows[same] = { ...found, processes: `${found.processes}, ${process}` }
      else rows.push({ name, processes: process, setting })
    }
  }
  return rows.sort((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)))
}

function toKey({ documentation, defaultText }: Setting<unknown>): string {
  return JSON.stringify([documentation, defaultText])
}

function toDefault({ documentation: { fallback }, defaultText }: Setting<unknown>): string {
  return fallback ?? (defaultText === undefined ? 'required' : `\`${defaultText}\``)
}

if (import.meta.main) writeFileSync(new URL('../../../gateway/deploy/settings.md', import.meta.url), printSettings())
