import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Policies } from '../../../schema/policies/create-policies.ts'
import { loadPolicies } from '../../../schema/policies/load-policies.ts'

/**
 * LPRES's rules without the one that hides the items of a patient flagged sensitive: as a region may have them that
 * shows such patients.
 */
export function loadPoliciesThatShowFlagged(): Policies {
  const folder = mkdtempSync(join(tmpdir(), 'policies-'))
  try {
    cpSync(fileURLToPath(new URL('../../../schema/policies/', import.meta.url)), folder, { recursive: true })
    const file = join(folder, 'lancashire-south-cumbria', 'items.cedar')
    const rules = readFileSync(file, 'utf8')
    const [rule] = /@id\("lsc-flagged"\)[^;]*;/.exec(rules) ?? []
    if (!rule) throw new Error('Expected the rule lsc-flagged')
    writeFileSync(file, rules.replace(rule, ''))
    return loadPolicies({ slug: 'lancashire-south-cumbria' }, { folder: pathToFileURL(`${folder}/`) })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
