import { type EntryInFile, readEntries } from './read-entries.ts'
import { toFhirAuditEvent } from './to-fhir-audit-event.ts'

export interface ExportTrailOptions {
  readonly folder: string
  /** Events from this instant on; ISO 8601, UTC. @default from the first */
  readonly since?: string
  /** Events before this instant. @default to the last */
  readonly until?: string
  /** Receives each odd event; it is exported with whatever of it can be read. @default nobody */
  readonly onOdd?: (entry: EntryInFile) => void
}

/** A trail as FHIR R4 AuditEvents in NDJSON, some lines at a time. One odd event keeps no other from being exported. */
export async function* exportTrail({ folder, since = '', until = '\uffff', onOdd = () => {} }: ExportTrailOptions): AsyncGenerator<string> {
  for await (const entries of readEntries(folder)) {
    const exported = entries.filter(({ time }) => time >= since && time < until)
    for (const entry of exported) if (entry.odd !== null) onOdd(entry)
    const lines = exported.map((entry) => `${JSON.stringify(toFhirAuditEvent(entry))}\n`)
    if (lines.length > 0) yield lines.join('')
  }
}
