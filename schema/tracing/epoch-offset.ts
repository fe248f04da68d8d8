/**
 * What makes milliseconds since 1970 of performance.now, in which the spans of several services are compared. A wall clock tells whole milliseconds
 * only, by which a store would seem to answer before it was asked; the process's own start is as exact, unless the wall clock was set since.
 */
export function epochOffsetMs(nowMs: number): number {
  const offsetMs = nowMs - performance.now()
  return Math.abs(offsetMs - performance.timeOrigin) < 2 ? performance.timeOrigin : offsetMs
}
