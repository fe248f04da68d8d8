import { readEntries } from './read-entries.ts'
import { toFhirAuditEvent } from './to-fhir-audit-event.ts'

export interface ExportTrailOptions {
  readonly folder: string
  /** Events from this instant on; ISO 8601, UTC. @default from the first */
  readonly since?: string
  /** Events before this instant. @default to the last */
  readonly until?: string
}

/** A trail as FHIR R4 AuditEvents in NDJSON, some lines at a time; throws at an event that was changed. */
export async function* exportTrail({ folder, since = '', until = '\uffff' }: ExportTrailOptions): AsyncGenerator<string> {
  for await (const entries of readEntries(folder)) {
    const lines = entries.flatMap((entry) => (entry.time >= since && entry.time < until ? [`${JSON.stringify(toFhirAuditEvent(entry))}\n`] : []))
    if (lines.length > 0) yield lines.join('')
  }
}
