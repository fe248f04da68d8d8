import { expect, test } from 'vitest'
import type { RequestLogLevel } from '../../schema/service/request-log-settings.ts'
import { createRequestLogger } from '../../subgraphs/service/request-logger.ts'
import type { ServedRequest } from '../../subgraphs/service/service-metrics.ts'

const quick: ServedRequest = { kind: 'read', operation: 'exchangeView', status: 200, durationMs: 12.5, ended: 'WHOLE' }
const slow: ServedRequest = { ...quick, durationMs: 1000.001 }
const failed: ServedRequest = { kind: 'publish', operation: 'publish', status: 500, durationMs: 3, ended: 'WHOLE' }
const feed: ServedRequest = { kind: 'changes', operation: 'changes', status: 200, durationMs: 86_400_000, ended: 'CUT' }

/** What is logged of these at a level. */
function linesAt(level: RequestLogLevel): readonly Readonly<Record<string, unknown>>[] {
  const lines: string[] = []
  const log = createRequestLogger({ level, slowMs: 1000, to: { write: (line) => lines.push(line) } })
  for (const request of [quick, slow, failed, feed]) log(request)
  return lines.map((line) => JSON.parse(line))
}

test('a store logs every request, slow and failed ones as warnings, and a long subscription as neither', () => {
  expect(linesAt('info')).toEqual(
    [
      { level: 'info', ...quick },
      { level: 'warn', ...slow, slow: true },
      { level: 'warn', ...failed },
      { level: 'info', ...feed },
    ].map((line) => ({ ...line, time: expect.any(String), msg: 'request' })),
  )
})

test('a store logs only slow and failed requests at level warn, and none at level error', () => {
  expect(linesAt('warn').map(({ durationMs }) => durationMs)).toEqual([slow.durationMs, failed.durationMs])
  expect(linesAt('error')).toEqual([])
})
