import type { PublicationFault } from '../../store/record-store.ts'
import { toExpression } from '../to-faults.ts'

/** A Bundle that was refused, or of a batch the entries that were. */
export interface ImportRefusal {
  readonly file: string
  readonly line: number | null
  readonly faults: readonly PublicationFault[]
}

/** A Bundle that was refused: where it stands, and a line for each fault. */
export function printRefusal({ faults, ...place }: ImportRefusal, heading = 'Refused'): string {
  return [
    `${heading}: ${printFileLine(place)}`,
    ...faults.map((one) => `  ${toExpression(one)}: ${one.fault} (${one.code})`),
  ].join('\n')
}

/** Where a Bundle stands: its file, and of an .ndjson file the line. */
export function printFileLine({ file, line }: { readonly file: string; readonly line: number | null }): string {
  return line === null ? file : `${file}, line ${line}`
}
