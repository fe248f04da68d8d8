import { expect } from 'vitest'
import type { System } from '../system.ts'

/**
 * The two ways that an operation takes through the gateway; the media type decides. They are to differ in time alone.
 */
export const executionPaths = [
  ['as usual', 'application/json'],
  ['by yoga', 'application/json; charset=utf-8'],
] as const

export type OperationMediaType = (typeof executionPaths)[number][1]

export interface OperationOutcome {
  readonly status: number
  /** Of each error. */
  readonly codes: readonly string[]
  readonly message: string
  readonly headers: Headers
  readonly text: string
}

export interface SendOperationOptions {
  readonly token: string
  /** @default as usual */
  readonly mediaType?: OperationMediaType
  readonly headers?: Readonly<Record<string, string>>
}

/** Sends a body to a gateway, an object as JSON. */
export async function sendOperation(
  url: string,
  body: unknown,
  { token, mediaType = 'application/json', headers = {} }: SendOperationOptions,
): Promise<OperationOutcome> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': mediaType, authorization: `Bearer ${token}`, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  const text = await response.text()
  const errors: readonly { readonly message: string; readonly extensions: { readonly code: string } }[] =
    JSON.parse(text).errors ?? []
  return {
    status: response.status,
    codes: errors.map(({ extensions }) => extensions.code),
    message: errors[0]?.message ?? '',
    headers: response.headers,
    text,
  }
}

/** No store was asked for a record. */
export function expectNoRegionQueried(system: System): void {
  expect(system.requests()).toEqual({ 'cheshire-merseyside': 0, 'lancashire-south-cumbria': 0 })
}
