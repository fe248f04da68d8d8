import {
  type DetailedError,
  type PolicyJson,
  policySetTextToParts,
  policyToJson,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs'
import { z } from 'zod'
import { createBoundedMemo } from '../bounded-memo.ts'
import { PolicyFault } from './policy-fault.ts'
import { type Action, actions, type Rule, refusalCodes } from './rule.ts'

const annotations = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  says: z.string().min(1),
  code: z.enum(refusalCodes).optional(),
  tells: z.enum(['withheld', 'nothing']).optional(),
  alert: z.string().min(1).optional(),
  lasts: z
    .string()
    .regex(/^[1-9]\d* (minutes|hours|days)$/)
    .optional(),
})
type Annotations = z.infer<typeof annotations>

/** Parses one file's policies and checks them against the Cedar schema and our annotations. Throws PolicyFault. */
export function parseRules(file: string, text: string, schema: string): readonly Rule[] {
  return remember(JSON.stringify([file, text, schema]), () => checkAndParse(file, text, schema))
}

// Checking is most of a load's cost, and a gateway's tests load the same files repeatedly.
const remember = createBoundedMemo<readonly Rule[]>(32)

function checkAndParse(file: string, text: string, schema: string): readonly Rule[] {
  const checked = validate({ schema, policies: { staticPolicies: text } })
  if (checked.type === 'failure') throw toFault(file, text, checked.errors[0])
  // Cedar only warns of a policy that can never hold. We refuse it, because its author meant something else.
  const fault = checked.validationErrors[0]?.error ?? checked.validationWarnings[0]?.error
  if (fault) throw toFault(file, text, fault)
  const parts = policySetTextToParts(text)
  if (parts.type === 'failure') throw toFault(file, text, parts.errors[0])
  if (parts.policy_templates.length > 0)
    throw new PolicyFault(file, 1, 'expected policies without slots, found a template')
  return parts.policies
    .map((policy) =>
      toRule(file, lineAt(text, Buffer.byteLength(text.slice(0, Math.max(0, text.indexOf(policy))))), policy),
    )
    .sort((a, b) => a.line - b.line)
}

function toRule(file: string, line: number, text: string): Rule {
  const json = toJson(text)
  const result = annotations.safeParse(json.annotations ?? {})
  if (!result.success)
    throw new PolicyFault(
      file,
      line,
      result.error.issues.map((issue) => `@${issue.path.join('.') || 'annotations'}: ${issue.message}`).join('; '),
    )
  const { id, says, code, tells, alert, lasts } = result.data
  const rule = {
    id,
    effect: json.effect,
    actions: toActions(json),
    says,
    code: code ?? null,
    disclosure: tells ?? null,
    alert: alert ?? null,
    lastsMs: toMs(lasts),
    text,
    file,
    line,
  }
  const missing = findMissing(rule, result.data)
  if (missing !== null) throw new PolicyFault(file, line, `policy ${id}: expected ${missing}`)
  return rule
}

function findMissing(
  { effect, actions: asked }: Pick<Rule, 'effect' | 'actions'>,
  { code, tells, lasts }: Annotations,
): string | null {
  const isOn = (action: Action) => asked.includes(action)
  if (asked.length === 0) return 'the action to be named: action == Action::"..." or action in [...]'
  if (isOn('ReleaseItem') && asked.length > 1) return 'ReleaseItem to be the only action'
  if (effect === 'permit') {
    if (code ?? tells) return 'no @code or @tells on a permit'
    return (isOn('BreakGlass') || isOn('RecordPermission')) === (lasts !== undefined)
      ? null
      : '@lasts on a permit of BreakGlass or RecordPermission, and on no other'
  }
  if (isOn('ReleaseItem'))
    return tells && !code ? null : '@tells("withheld") or @tells("nothing") on a forbid of ReleaseItem, and no @code'
  if (code === 'NOT_KNOWN' && !(asked.length === 1 && isOn('Release')))
    return '@code("NOT_KNOWN") on a forbid of Release only'
  if (code === 'NO_BARRIER' && (isOn('Ask') || isOn('Release')))
    return '@code("NO_BARRIER") on a forbid of BreakGlass or RecordPermission only'
  return code && !tells ? null : '@code on a forbid, and no @tells'
}

function toActions({ action }: PolicyJson): readonly Action[] {
  const named =
    action.op === '==' && 'entity' in action
      ? [action.entity]
      : action.op === 'in'
        ? 'entities' in action
          ? action.entities
          : [action.entity]
        : []
  const ids = named.map((entity) => ('__entity' in entity ? entity.__entity.id : entity.id))
  return actions.filter((one) => ids.includes(one))
}

function toJson(text: string): PolicyJson {
  const answer = policyToJson(text)
  if (answer.type === 'failure')
    throw new Error(`Cedar parses a policy once and not twice: ${answer.errors[0]?.message}`)
  return answer.json
}

const unitsMs: Readonly<Record<string, number>> = { minutes: 60_000, hours: 3_600_000, days: 86_400_000 }

function toMs(lasts: string | undefined): number | null {
  const [count, unit = ''] = lasts?.split(' ') ?? []
  const unitMs = unitsMs[unit]
  return unitMs === undefined ? null : Number(count) * unitMs
}

/**
 * Converts Cedar's error to a fault with its line. Cedar's own policy numbers are removed, because no reader knows
 * them.
 */
export function toFault(file: string, text: string, error: DetailedError | undefined): PolicyFault {
  const reason = (error?.message ?? 'not Cedar')
    .replace(/^failed to parse policies from string: /, '')
    .replace(/^for policy `policy\d+`[:,] /, '')
  return new PolicyFault(
    file,
    lineAt(text, error?.sourceLocations?.[0]?.start ?? 0),
    error?.help ? `${reason} (${error.help})` : reason,
  )
}

/** Converts Cedar's offset, in bytes of UTF-8, to a line number. */
function lineAt(text: string, byte: number): number {
  return Buffer.from(text).subarray(0, byte).toString().split('\n').length
}
