import { z } from 'zod'
import { InvalidSetting, StartupError } from './startup-error.ts'

/** Environment variables, as a main passes them on. */
export type Environment = Readonly<Record<string, string | undefined>>

/** What an operator reads about a setting; gateway/deploy/settings.md is made of it. */
export interface SettingDocumentation {
  /** One sentence: what the setting does, with its unit. */
  readonly description: string
  /** A value that an operator could write. */
  readonly example: string
  /** Describes the value without the setting, in words. @default the form's own default, or "required" */
  readonly fallback?: string
}

/** One environment variable: its documentation, and how its text becomes a value. */
export interface Setting<Value> {
  readonly documentation: SettingDocumentation
  /** The text that stands for a missing one; undefined where the setting is required or has none. */
  readonly defaultText: string | undefined
  /** Throws InvalidSetting. */
  read(text: string | undefined): Value | Promise<Value>
}

/** Settings that are missing, wrong or unsafe: for each a line with its name, what was expected and what was found. */
export class InvalidSettings extends StartupError {
  readonly code = 'SETTINGS_REJECTED'
  constructor(faults: Readonly<Record<string, InvalidSetting>>) {
    super(
      Object.entries(faults)
        .map(([name, { message }]) => `${name}: ${message}`)
        .join('\n'),
    )
  }
}

/** Settings by the names of their environment variables. */
export type Settings = Readonly<Record<string, Setting<unknown>>>
type Values<S extends Settings> = { readonly [Name in keyof S]: Awaited<ReturnType<S[Name]['read']>> }

/** All the settings by their names, files loaded and checked; rejects with InvalidSettings, which tells every fault. */
export async function loadSettings<S extends Settings>(environment: Environment, settings: S): Promise<Values<S>> {
  const names = Object.keys(settings)
  const outcomes = await Promise.allSettled(
    Object.entries(settings).map(async ([name, one]) => one.read(environment[name])),
  )
  const faults: Record<string, InvalidSetting> = {}
  const values: Record<string, unknown> = {}
  for (const [index, name] of names.entries()) {
    const outcome = outcomes[index]
    if (outcome?.status === 'fulfilled') values[name] = outcome.value
    else if (outcome?.reason instanceof InvalidSetting) faults[name] = outcome.reason
    else throw outcome?.reason
  }
  if (Object.keys(faults).length > 0) throw new InvalidSettings(faults)
  return values as Values<S>
}

/** A setting by what is expected of it, the form of its text, its documentation, and what is loaded from where it points. */
export function setting<Text>(
  expected: string,
  form: z.ZodType<Text>,
  documentation: SettingDocumentation,
): Setting<Text>
export function setting<Text, Value>(
  expected: string,
  form: z.ZodType<Text>,
  documentation: SettingDocumentation,
  load: (text: Text) => Value | Promise<Value>,
): Setting<Value>
export function setting(
  expected: string,
  form: z.ZodType,
  documentation: SettingDocumentation,
  load?: (text: unknown) => unknown,
): Setting<unknown> {
  const { data } = form.safeParse(undefined)
  return {
    documentation,
    defaultText: data === undefined || data === null ? undefined : String(data),
    read(text) {
      const result = form.safeParse(text)
      if (!result.success) throw new InvalidSetting(expected, text === undefined ? 'nothing' : JSON.stringify(text))
      return load ? load(result.data) : result.data
    },
  }
}

/** Text that is not blank. */
export const nonBlankText = z.string().regex(/\S/)

/** A whole number of digits only: an empty text is none. At most 2^53 - 1. */
export const wholeNumber = z.string().regex(/^\d+$/).transform(Number).pipe(z.int())

/** A TCP port, 0 for any that is free. */
export const portNumber = wholeNumber.pipe(z.number().max(65_535))

/** A number in decimal digits: neither blank, nor hexadecimal, nor with an exponent. */
export const decimalNumber = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number)

/** A part of a whole: a number from 0 to 1. */
export const fraction = decimalNumber.pipe(z.number().max(1))
