import { regionListSetting } from '../regions.ts'
import { loadSettings } from '../service/load-settings.ts'
import { parseCommand, runMain } from '../service/run-main.ts'
import { UsageError } from '../service/startup-error.ts'
import type { Policies } from './create-policies.ts'
import type { ItemOutcome, ReleaseFacts } from './facts.ts'
import { loadPolicies } from './load-policies.ts'
import {
  type TypicalItem,
  type TypicalViewer,
  toTypicalViewers,
  typicalItems,
  typicalPatients,
  typicalViewers,
} from './typical-cases.ts'

/** Prints what typical viewers see of typical patients, and by which rules. */
export function explain(
  name: string,
  policies: Policies,
  nowMs: number,
  viewers: readonly TypicalViewer[] = typicalViewers,
): string {
  const patients = typicalPatients.map(({ name: patientName, patient }) => {
    const lines = viewers.map((viewer) => explainOne(policies, viewer, { ...viewer, patient, nowMs }))
    return `  ${patientName}\n${lines.join('')}`
  })
  return `${name}, policies ${policies.version}\n${patients.join('')}`
}

function explainOne(policies: Policies, { name }: TypicalViewer, facts: ReleaseFacts): string {
  const { code, rules, concealed, alert, breakGlass } = policies.decideRelease(facts)
  const notes = [
    ...(concealed ? ['looks like a number never seen'] : []),
    ...(alert ? ['alert'] : []),
    ...breakGlass.map(({ barrier, reasons }) => `glass may be broken for ${barrier}: ${reasons.join(', ')}`),
  ]
  const head = `    ${name}: ${code} (${rules.join(', ') || 'no rule'})${notes.map((note) => `; ${note}`).join('')}\n`
  return concealed || !['PERMITTED', 'OVERRIDDEN'].includes(code) ? head : head + explainItems(policies, facts)
}

const words: Readonly<Record<ItemOutcome, string>> = {
  release: 'shown',
  withheld: 'withheld, told',
  hidden: 'left out, not told',
}

function explainItems(policies: Policies, facts: ReleaseFacts): string {
  const decided = policies.decideItems(
    facts,
    typicalItems.map(({ releaseClass }) => releaseClass),
  )
  const lines = (Object.keys(words) as ItemOutcome[]).map((outcome) => {
    const own = typicalItems.flatMap((item, index) =>
      decided[index]?.outcome === outcome ? [explainItem(item, outcome, decided[index].rules)] : [],
    )
    return own.length > 0 ? `      ${words[outcome]}: ${own.join(', ')}\n` : ''
  })
  return lines.join('')
}

function explainItem({ name }: TypicalItem, outcome: ItemOutcome, rules: readonly string[]): string {
  return outcome === 'release' ? name : `${name} (${rules.join(', ') || 'role'})`
}

const usage = `Usage: npm run policy -- explain [--region SLUG]

Prints what typical viewers see of typical patients, and by which rules.
  --region  a slug of the list of regions; default all`

/** `npm run policy -- explain [--region SLUG]` */
if (import.meta.main) {
  await runMain(async () => {
    const { positionals, values } = parseCommand(
      {
        allowPositionals: true,
        options: { region: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
      } as const,
      usage,
    )
    if (values.help) {
      console.log(usage)
      return
    }
    const { REGIONS: listed } = await loadSettings(process.env, { REGIONS: regionListSetting })
    const regions = listed.filter(({ slug }) => values.region === undefined || slug === values.region)
    if (positionals.join() !== 'explain')
      throw new UsageError(`COMMAND: expected explain, found ${positionals.join(' ') || 'nothing'}`, usage)
    if (regions.length === 0)
      throw new UsageError(
        `--region: expected one of ${listed.map(({ slug }) => slug).join(', ')}, found ${values.region}`,
        usage,
      )
    for (const region of regions) {
      const { name, applicationName } = region
      process.stdout.write(
        `${explain(`${name} (${applicationName})`, loadPolicies(region), Date.now(), toTypicalViewers(listed))}\n`,
      )
    }
  })
}
