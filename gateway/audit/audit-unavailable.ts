/** An event that could not be written; what it tells of must not be answered. */
export class AuditUnavailable extends Error {
  readonly code = 'AUDIT_UNAVAILABLE'
  /** `NOW`: the trail is whole and the next event is tried, for the disk may have room again. `UNTIL_RESTART`: nothing is written any more. */
  readonly lasts: 'NOW' | 'UNTIL_RESTART'
  constructor(lasts: AuditUnavailable['lasts'], reason: string, options?: ErrorOptions) {
    super(`The audit trail cannot be written: ${reason}`, options)
    this.lasts = lasts
  }
}
