import { expect, test } from 'vitest'
import { toRegionFault } from '../../gateway/regions/region-fault.ts'

test.each([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'ETIMEDOUT',
  'EPIPE',
])('a region whose connection fails with %s is unreachable, and the call may be retried', (code) => {
  expect(toRegionFault(Object.assign(new Error('connect'), { code }))).toMatchObject({
    status: 'UNREACHABLE',
    isTransient: true,
    isRegionFault: true,
  })
})
