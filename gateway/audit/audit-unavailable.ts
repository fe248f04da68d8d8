/** The event could not be written, so the request that it describes must not be answered. */
export class AuditUnavailable extends Error {
  readonly code = 'AUDIT_UNAVAILABLE'
  /**
   * `NOW`: the trail is intact and the next event is tried, because the disk may have space again. `UNTIL_RESTART`:
   * nothing is written any more.
   */
  readonly lasts: 'NOW' | 'UNTIL_RESTART'
  constructor(lasts: AuditUnavailable['lasts'], reason: string, options?: ErrorOptions) {
    super(`The audit trail cannot be written: ${reason}`, options)
    this.lasts = lasts
  }
}
