import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { checkParseSchema } from '@cedar-policy/cedar-wasm/nodejs'
import { createPolicies, type Policies } from './create-policies.ts'
import { parseRules, toFault } from './parse-rules.ts'
import { PolicyFault } from './policy-fault.ts'
import { loadPolicySettings } from './policy-settings.ts'
import type { Rule } from './rule.ts'
import { createRuleEvaluator } from './rule-evaluator.ts'

export interface LoadPoliciesOptions {
  /** The folder with consent.cedarschema, and with the rules of regions that name no folder. @default this folder */
  readonly folder?: URL
  /** Most verdicts in the cache. @default 20000 */
  readonly maxEntries?: number
  /** Called for every error while deciding; the decision is then a denial. @default no call */
  readonly onError?: (reason: string) => void
}

/** Loads and checks a region's policies. Throws PolicyFault with file, line and reason for a faulty rule. */
export function loadPolicies(
  { slug, policies }: { readonly slug: string; readonly policies?: string | undefined },
  { folder = new URL('.', import.meta.url), maxEntries = 20_000, onError = () => {} }: LoadPoliciesOptions = {},
): Policies {
  const schema = readFileSync(new URL('consent.cedarschema', folder), 'utf8')
  const parsed = checkParseSchema(schema)
  if (parsed.type === 'failure') throw toFault('consent.cedarschema', schema, parsed.errors[0])

  const own = policies === undefined ? new URL(`${slug}/`, folder) : pathToFileURL(`${policies}/`)
  const names = readdirSync(own).sort()
  const files = names
    .filter((name) => name.endsWith('.cedar'))
    .map((name) => ({ file: `${slug}/${name}`, text: readFileSync(new URL(name, own), 'utf8') }))
  const rules = files.flatMap(({ file, text }) => parseRules(file, text, schema))
  if (rules.length === 0) throw new PolicyFault(`${slug}/*.cedar`, 1, 'expected policies, found none')
  assertDistinct(rules)

  const settingsFile = new URL('settings.json', own)
  const version = toVersion([
    schema,
    readFileSync(settingsFile, 'utf8'),
    ...files.flatMap(({ file, text }) => [file, text]),
  ])
  const evaluate = createRuleEvaluator({ rules, schema, name: `${slug}@${version}`, maxEntries, onError })
  return createPolicies({ slug, version, rules, settings: loadPolicySettings(settingsFile), evaluate })
}

function assertDistinct(rules: readonly Rule[]): void {
  const first = new Map<string, Rule>()
  for (const rule of rules) {
    const other = first.get(rule.id)
    if (other)
      throw new PolicyFault(
        rule.file,
        rule.line,
        `policy ${rule.id}: expected an id of its own, found it at ${other.file}:${other.line} too`,
      )
    first.set(rule.id, rule)
  }
}

function toVersion(texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 12)
}
