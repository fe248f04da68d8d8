import { type CedarValueJson, type DetailedError, preparsePolicySet, preparseSchema, statefulIsAuthorized } from '@cedar-policy/cedar-wasm/nodejs'
import { createBoundedMemo } from '../bounded-memo.ts'
import { type CedarQuestion, viewerId } from './cedar-question.ts'
import { type Action, actions, type Rule } from './rule.ts'
import type { Verdict } from './verdict.ts'
import { type WhatRulesRead, whatRulesRead } from './what-rules-read.ts'

/** A region's rules, prepared for asking. */
export type RuleSet = (question: CedarQuestion) => Verdict

export interface RuleSetOptions {
  readonly rules: readonly Rule[]
  readonly schema: string
  /** Tells the sets of a process apart. */
  readonly name: string
  /** Verdicts remembered. */
  readonly maxEntries: number
  /** Told of every error while deciding; the decision is a denial. */
  readonly onError: (reason: string) => void
}

/** Prepares the rules of each action as a set of its own, for a call costs by the number of its rules. Throws where Cedar does not take them. */
export function createRuleSet({ rules, schema, name, maxEntries, onError }: RuleSetOptions): RuleSet {
  const byId = new Map(rules.map((rule) => [rule.id, rule]))
  const keyMakers = new Map<Action, (question: CedarQuestion) => string>()
  // A map of id to text: Cedar does not report @id.
  assertTaken(preparseSchema(name, schema))
  for (const action of actions) {
    const own = rules.filter((rule) => rule.actions.includes(action))
    keyMakers.set(action, createKeyMaker(whatRulesRead(own)))
    assertTaken(preparsePolicySet(`${name}/${action}`, { staticPolicies: Object.fromEntries(own.map(({ id, text }) => [id, text])) }))
  }
  const remember = createBoundedMemo<Verdict>(maxEntries)

  const fail = (action: Action, errors: readonly DetailedError[]): Verdict => {
    onError(`${action}: ${errors.map(({ message }) => message).join('; ')}`)
    return { outcome: 'error', rules: [] }
  }
  const ask = ({ action, resource, entities, context }: CedarQuestion): Verdict => {
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
    // A forbid whose condition errs is skipped: what it would have refused must not be permitted for it.
    const errors = diagnostics.errors.map(({ error }) => error)
    if (errors.length > 0) return fail(action, errors)
    // Cedar does not say in which order; the file's is the one that readers see.
    const held = diagnostics.reason.flatMap((id) => byId.get(id) ?? [])
    return { outcome: decision === 'allow' ? 'permit' : 'deny', rules: rules.filter((rule) => held.includes(rule)) }
  }

  return (question) => {
    const toKey = keyMakers.get(question.action)
    return toKey ? remember(`${question.action},${toKey(question)}`, () => ask(question)) : ask(question)
  }
}

function assertTaken(answer: ReturnType<typeof preparseSchema>): void {
  if (answer.type === 'failure') throw new Error(`Cedar does not take what it has validated: ${answer.errors.map(({ message }) => message).join('; ')}`)
}

/** Makes a key that is equal for questions that the rules cannot tell apart. Records that questions share are read once. */
function createKeyMaker(read: WhatRulesRead | null): (question: CedarQuestion) => string {
  const known = new WeakMap<object, string>()
  const toPart = (record: Readonly<Record<string, CedarValueJson>>): string => {
    const part = known.get(record) ?? JSON.stringify(toRead(record, read))
    known.set(record, part)
    return part
  }
  return ({ resource, entities, context }) => [resource.type, toPart(context), ...entities.map(({ attrs }) => toPart(attrs))].join()
}

function toRead(record: Readonly<Record<string, CedarValueJson>>, read: WhatRulesRead | null): readonly CedarValueJson[] {
  return Object.entries(record).flatMap(([name, value]): CedarValueJson[] => {
    if (read === null) return [name, value]
    return read.attributes.has(name) ? [name, toMeaning(value, read)] : []
  })
}

function toMeaning(value: CedarValueJson, read: WhatRulesRead): CedarValueJson {
  // A set: without order, and without the texts that no rule asks for.
  if (Array.isArray(value)) return [...new Set(value.map((element) => JSON.stringify(toMeaning(element, read))))].filter((element) => element !== '""').sort()
  if (typeof value === 'string') return read.texts.has(value) ? value : ''
  // Where the number stands among those that it is compared with.
  if (typeof value === 'number') return [...read.numbers].filter((one) => one < value).length * 2 + (read.numbers.has(value) ? 1 : 0)
  return value
}
