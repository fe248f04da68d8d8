import { readFileSync } from 'node:fs'
import { createPolicies, type Policies } from '../../../schema/policies/create-policies.ts'
import { parseRules } from '../../../schema/policies/parse-rules.ts'
import { createRuleEvaluator } from '../../../schema/policies/rule-evaluator.ts'

const text = `
@id("open-ask") @says("Anyone may ask.")
permit (principal, action == Action::"Ask", resource);

@id("open-release") @says("Every record is shown.")
permit (principal, action == Action::"Release", resource);

@id("open-items") @says("Every item is shown.")
permit (principal, action == Action::"ReleaseItem", resource);

@id("open-not-verified") @code("NOT_KNOWN") @says("Only verified numbers are shown.")
forbid (principal, action == Action::"Release", resource is Record) unless { resource.verified };

@id("open-opt-out") @code("REFUSED_OPT_OUT") @says("The patient refuses to share.")
forbid (principal, action == Action::"Release", resource is Record) when { resource.optedOut };

@id("open-organisation-opt-out") @tells("withheld") @says("The patient refuses to share what this organisation publishes.")
forbid (principal, action == Action::"ReleaseItem", resource) when { resource.sourceOptedOut };

@id("open-very-restricted") @tells("withheld") @says("Very restricted content is not shown.")
forbid (principal, action == Action::"ReleaseItem", resource) when { resource.labels.contains("V") };

@id("open-sealed") @tells("nothing") @says("Sealed content is not shown.")
forbid (principal, action == Action::"ReleaseItem", resource) when { resource.labels.contains("SEALED") };
`

/**
 * Rules that keep back only what the files themselves mark: what is reconciled is the merging, not a region's consent
 * rules.
 */
export function createOpenPolicies(slug: string): Policies {
  const schema = readFileSync(new URL('../../../schema/policies/consent.cedarschema', import.meta.url), 'utf8')
  const rules = parseRules('open.cedar', text, schema)
  const ask = createRuleEvaluator({
    rules,
    schema,
    name: `${slug}@open`,
    maxEntries: 1000,
    onError(reason) {
      throw new Error(reason)
    },
  })
  const settings = { notice: 'Reconciliation.', reviewDays: 7, cache: { staticDocumentsSeconds: 1, listsSeconds: 1 } }
  return createPolicies({ slug, version: 'open', rules, settings, evaluate: ask })
}
