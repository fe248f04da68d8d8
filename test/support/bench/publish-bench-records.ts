import type { RecordStore } from '../../../subgraphs/store/record-store.ts'
import { type BenchRecordOptions, toBenchRecord, viewerOrganisation } from './bench-record.ts'

const together = 200
const permittedMs = 90 * 86_400_000

/**
 * Publishes the bench's patients to a store, those that it does not know yet. Where the region asks for it, their
 * permission is on record for as long as the referral counts: three months.
 */
export async function publishBenchRecords(
  store: RecordStore,
  numbers: readonly string[],
  options: Omit<BenchRecordOptions, 'nhsNumber' | 'nowMs'>,
): Promise<void> {
  const nowMs = Date.now()
  for (let start = 0; start < numbers.length; start += together) {
    const some = numbers.slice(start, start + together)
    const known = await store.findPatients(some)
    const missing = some.filter((number) => !known.has(number))
    if (options.slug === 'cheshire-merseyside')
      for (const nhsNumber of missing) await store.recordPermission(toPermission(nhsNumber, nowMs))
    await store.publish(missing.map((nhsNumber) => toBenchRecord({ ...options, nhsNumber, nowMs })))
  }
}

function toPermission(nhsNumber: string, nowMs: number): Parameters<RecordStore['recordPermission']>[0] {
  return {
    id: `bench-${nhsNumber}`,
    nhsNumber,
    organisation: viewerOrganisation,
    person: '555036632103',
    basis: 'CARE_EPISODE_24_HOURS',
    untilMs: nowMs + permittedMs,
  }
}
