import { expect } from 'vitest'
import type { System } from '../../support/system.ts'

/** The two ways that an operation takes through the gateway; the media type decides. They are to differ in time alone. */
export const ways = [
  ['as usual', 'application/json'],
  ['by yoga', 'application/json; charset=utf-8'],
] as const

export type Way = (typeof ways)[number][1]

export interface Outcome {
  readonly status: number
  /** Of each error. */
  readonly codes: readonly string[]
  readonly message: string
  readonly headers: Headers
  readonly text: string
}

export interface AskOptions {
  readonly token: string
  /** @default as usual */
  readonly way?: Way
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends a body to a gateway, an object as JSON. */
export async function ask(url: string, body: unknown, { token, way = 'application/json', headers = {} }: AskOptions): Promise<Outcome> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': way, authorization: `Bearer ${token}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  const errors: readonly { readonly message: string; readonly extensions: { readonly code: string } }[] = JSON.parse(text).errors ?? []
  return { status: response.status, codes: errors.map(({ extensions }) => extensions.code), message: errors[0]?.message ?? '', headers: response.headers, text }
}

/** No store was asked for a record. */
export function expectNothingAsked(system: System): void {
  expect(system.requests()).toEqual({ 'cheshire-merseyside': 0, 'lancashire-south-cumbria': 0 })
}
