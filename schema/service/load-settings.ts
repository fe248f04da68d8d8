import { z } from 'zod'
import { InvalidSetting, StartupError } from './startup-error.ts'

/** Environment variables, which only the mains read. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A setting's documentation. gateway/deploy/settings.md is generated from it. */
export interface SettingDocumentation {
  /** One sentence: what the setting does, with its unit. */
  readonly description: string
  /** A plausible value. */
  readonly example: string
  /** Describes the default in words. @default the schema's own default, or "required" */
  readonly fallback?: string
}

/** One environment variable: its documentation, and how its text is parsed. */
export interface Setting<Value> {
  readonly documentation: SettingDocumentation
  /** The text that replaces a missing one; undefined if the setting is required or has no default. */
  readonly defaultText: string | undefined
  /** Parses and loads the value. Throws InvalidSetting. */
  read(text: string | undefined): Value | Promise<Value>
}

/** Settings that are missing, wrong or unsafe. The message has a line for each: name, expected, found. */
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

/** Loads and checks all settings, files included. Rejects with InvalidSettings, which lists every fault. */
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

/** Defines a setting: what is expected, the schema of its text, its documentation, and how its value is loaded. */
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

/** A text that is not blank. */
export const nonBlankText = z.string().regex(/\S/)

/** A whole number in digits, at most 2^53 - 1; an empty text is refused. */
export const wholeNumber = z.string().regex(/^\d+$/).transform(Number).pipe(z.int())

/** A TCP port; 0 takes a free one. */
export const portNumber = wholeNumber.pipe(z.number().max(65_535))

/** A decimal number: not blank, not hexadecimal, without an exponent. */
export const decimalNumber = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .transform(Number)

/** A fraction: a number from 0 to 1. */
export const fraction = decimalNumber.pipe(z.number().max(1))
