import { createJsonLines, type DestinationStream, toStandardOutput } from './json-lines.ts'

/** Where a service writes down a request that is done: numbers, and words of closed lists; never what was asked, for whom or by whom. */
export type RequestLog<Line extends object> = (line: Line) => void

/** A JSON line for each request. @default on standard output */
export function createRequestLog<Line extends object>(to: DestinationStream = toStandardOutput()): RequestLog<Line> {
  const lines = createJsonLines(to)
  return (line) => lines.info<object>(line, 'request')
}
