import {
  type CedarValueJson,
  type DetailedError,
  preparsePolicySet,
  preparseSchema,
  statefulIsAuthorized,
} from '@cedar-policy/cedar-wasm/nodejs'
import { createBoundedMemo } from '../bounded-memo.ts'
import { type CedarRequest, viewerId } from './cedar-request.ts'
import { type Action, actions, type Rule } from './rule.ts'
import { type RuleInputs, readRuleInputs } from './rule-inputs.ts'
import type { Verdict } from './verdict.ts'

/** Evaluates a region's rules for one request. */
export type RuleEvaluator = (question: CedarRequest) => Verdict

export interface RuleEvaluatorOptions {
  readonly rules: readonly Rule[]
  readonly schema: string
  /** Prefix of the policy sets' names in Cedar, unique in the process. */
  readonly name: string
  /** Most verdicts in the cache. */
  readonly maxEntries: number
  /** Called for every error while deciding; the decision is then a denial. */
  readonly onError: (reason: string) => void
}

/**
 * Prepares a policy set for each action, because a call's cost grows with its rules. Throws where Cedar refuses a set.
 */
export function createRuleEvaluator({ rules, schema, name, maxEntries, onError }: RuleEvaluatorOptions): RuleEvaluator {
  const byId = new Map(rules.map((rule) => [rule.id, rule]))
  const keyBuilders = new Map<Action, (question: CedarRequest) => string>()
  // The set is a map of id to text, because Cedar does not report @id.
  assertAccepted(preparseSchema(name, schema))
  for (const action of actions) {
    const own = rules.filter((rule) => rule.actions.includes(action))
    keyBuilders.set(action, createCacheKeyBuilder(readRuleInputs(own)))
    assertAccepted(
      preparsePolicySet(`${name}/${action}`, {
        staticPolicies: Object.fromEntries(own.map(({ id, text }) => [id, text])),
      }),
    )
  }
  const remember = createBoundedMemo<Verdict>(maxEntries)

  const fail = (action: Action, errors: readonly DetailedError[]): Verdict => {
    onError(`${action}: ${errors.map(({ message }) => message).join('; ')}`)
    return { outcome: 'error', rules: [] }
  }
  const evaluate = ({ action, resource, entities, context }: CedarRequest): Verdict => {
    const answer = statefulIsAuthorized({
      principal: viewerId,
      action: { type: 'Action', id: action },
      resource,
      context: { ...context },
      entities: [...entities],
      preparsedPolicySetId: `${name}/${action}`,
      preparsedSchemaName: name,
      validateRequest: true,
    })
    if (answer.type === 'failure') return fail(action, answer.errors)
    const { decision, diagnostics } = answer.response
    // Cedar skips a forbid whose condition errs, so a permit beside an error cannot be trusted.
    const errors = diagnostics.errors.map(({ error }) => error)
    if (errors.length > 0) return fail(action, errors)
    // Cedar's order is undefined; the file's order is the one that readers see.
    const held = diagnostics.reason.flatMap((id) => byId.get(id) ?? [])
    return { outcome: decision === 'allow' ? 'permit' : 'deny', rules: rules.filter((rule) => held.includes(rule)) }
  }

  return (question) => {
    const toKey = keyBuilders.get(question.action)
    return toKey ? remember(`${question.action},${toKey(question)}`, () => evaluate(question)) : evaluate(question)
  }
}

function assertAccepted(answer: ReturnType<typeof preparseSchema>): void {
  if (answer.type === 'failure')
    throw new Error(
      `Cedar does not take what it has validated: ${answer.errors.map(({ message }) => message).join('; ')}`,
    )
}

/**
 * Creates a builder of keys that are equal for requests that the rules cannot tell apart. It normalises each shared
 * record once.
 */
function createCacheKeyBuilder(inputs: RuleInputs | null): (question: CedarRequest) => string {
  const known = new WeakMap<object, string>()
  const toPart = (record: Readonly<Record<string, CedarValueJson>>): string => {
    const part = known.get(record) ?? JSON.stringify(selectInputs(record, inputs))
    known.set(record, part)
    return part
  }
  return ({ resource, entities, context }) =>
    [resource.type, toPart(context), ...entities.map(({ attrs }) => toPart(attrs))].join()
}

function selectInputs(
  record: Readonly<Record<string, CedarValueJson>>,
  inputs: RuleInputs | null,
): readonly CedarValueJson[] {
  return Object.entries(record).flatMap(([name, value]): CedarValueJson[] => {
    if (inputs === null) return [name, value]
    return inputs.attributes.has(name) ? [name, normaliseInput(value, inputs)] : []
  })
}

function normaliseInput(value: CedarValueJson, inputs: RuleInputs): CedarValueJson {
  // A set has no order, and texts that no rule mentions do not matter.
  if (Array.isArray(value))
    return [...new Set(value.map((element) => JSON.stringify(normaliseInput(element, inputs))))]
      .filter((element) => element !== '""')
      .sort()
  if (typeof value === 'string') return inputs.texts.has(value) ? value : ''
  // A number matters only by its rank among the numbers that rules compare it with.
  if (typeof value === 'number')
    return [...inputs.numbers].filter((one) => one < value).length * 2 + (inputs.numbers.has(value) ? 1 : 0)
  return value
}
