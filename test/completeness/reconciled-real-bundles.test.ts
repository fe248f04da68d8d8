import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expandPaths } from '../../subgraphs/publishing/importing/expand-paths.ts'
import { reconcile } from '../support/reconcile/reconcile.ts'

const folder = join(import.meta.dirname, '../../../shared/data/fhir-r4')
const isThere = existsSync(folder)
if (!isThere) console.warn(`SKIPPED: ${folder} is missing, so no real Bundles are reconciled.`)

test.skipIf(!isThere)(
  "the view shows every item of both regions' real Bundles exactly once, under its patient, from its regions",
  async () => {
    const files = new Map([
      ['cheshire-merseyside', await expandPaths([join(folder, 'cheshire-merseyside')])],
      ['lancashire-south-cumbria', await expandPaths([join(folder, 'lancashire-south-cumbria')])],
    ] as const)
    expect([...files.values()].map(({ length }) => length)).toEqual([40, 40])
    const { types, invented, reported, refusals, incomplete, patients } = await reconcile({ files, renumber: true })
    expect([patients, invented, refusals, incomplete]).toEqual([40, 0, [], []])
    expect(types.filter(({ items, shownOnce }) => items !== shownOnce)).toEqual([])
    expect(types.reduce((sum, { items }) => sum + items, 0)).toBeGreaterThan(7000)
    expect(reported.shown).toBe(reported.expected)
    expect(reported.expected).toBeGreaterThan(2000)
  },
)
