import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'vitest'

const folder = new URL('../golden/', import.meta.url)

/** Compares a text, byte by byte, with the golden file of this name. `GOLDEN=write` writes the file instead. */
export function expectGolden(name: string, text: string): void {
  const file = new URL(name, folder)
  if (process.env.GOLDEN === 'write') writeFileSync(file, text)
  expect(text, `${name}, see test/contracts/README.md`).toBe(readFileSync(file, 'utf8'))
}

/** Compares a value as JSON, whose keys stand in the value's own order. */
export function expectGoldenJson(name: string, value: unknown): void {
  expectGolden(name, `${JSON.stringify(value, null, 2)}\n`)
}

/** The values of a golden file of JSON: what the code before a change has written, to be read by the code after it. */
export function readGoldenJson(name: string): Readonly<Record<string, string>> {
  return JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
}
