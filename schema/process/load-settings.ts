import { z } from 'zod'
import { StartRefused, Unfit } from './start-refused.ts'

/** Environment variables, as a main passes them on. */
export type Environment = Readonly<Record<string, string | undefined>>

/** Makes a setting's value out of its text; throws Unfit. */
export type Setting<Value> = (text: string | undefined) => Value | Promise<Value>

/** Settings that are missing, wrong or unsafe: for each a line with its name, what was expected and what was found. */
export class SettingsRejected extends StartRefused {
  readonly code = 'SETTINGS_REJECTED'
  constructor(faults: Readonly<Record<string, Unfit>>) {
    super(
      Object.entries(faults)
        .map(([name, { message }]) => `${name}: ${message}`)
        .join('\n'),
    )
  }
}

type Settings = Readonly<Record<string, Setting<unknown>>>
type Values<S extends Settings> = { readonly [Name in keyof S]: Awaited<ReturnType<S[Name]>> }

/** All the settings by their names, files loaded and checked; rejects with SettingsRejected, which tells every fault. */
export async function loadSettings<S extends Settings>(environment: Environment, settings: S): Promise<Values<S>> {
  const names = Object.keys(settings)
  const outcomes = await Promise.allSettled(Object.entries(settings).map(async ([name, read]) => read(environment[name])))
  const faults: Record<string, Unfit> = {}
  const values: Record<string, unknown> = {}
  for (const [index, name] of names.entries()) {
    const outcome = outcomes[index]
    if (outcome?.status === 'fulfilled') values[name] = outcome.value
    else if (outcome?.reason instanceof Unfit) faults[name] = outcome.reason
    else throw outcome?.reason
  }
  if (Object.keys(faults).length > 0) throw new SettingsRejected(faults)
  return values as Values<S>
}

/** A setting by its form, and what is loaded from where it points. */
export function setting<Text>(expected: string, form: z.ZodType<Text>): Setting<Text>
export function setting<Text, Value>(expected: string, form: z.ZodType<Text>, load: (text: Text) => Value | Promise<Value>): Setting<Value>
export function setting(expected: string, form: z.ZodType, load?: (text: unknown) => unknown): Setting<unknown> {
  return (text) => {
    const result = form.safeParse(text)
    if (!result.success) throw new Unfit(expected, text === undefined ? 'nothing' : JSON.stringify(text))
    return load ? load(result.data) : result.data
  }
}

/** What is not empty. */
export const someText = z.string().min(1)

/** A whole number of digits only: an empty text is none. */
export const wholeNumber = z.string().regex(/^\d+$/).transform(Number)

/** A TCP port, 0 for any that is free. */
export const anyPort = wholeNumber.pipe(z.number().max(65_535))

/** A part of a whole: a number from 0 to 1. */
export const fraction = someText.transform(Number).pipe(z.number().min(0).max(1))
