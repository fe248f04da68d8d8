import { readRegionalSdl } from '../../schema/sdl.ts'
import type { ReleasedRecord } from '../release/released-record.ts'
import { readListSection } from '../sections/list-sections.ts'
import { createRecordService, type RecordService, type RecordServiceOptions } from '../service/record-service.ts'

/** LPRES's record store: its SDL, and what only its records have. */
export function createLancashireSouthCumbriaService(
  options: Omit<RecordServiceOptions, 'sdl' | 'recordResolvers'>,
): RecordService {
  return createRecordService({
    ...options,
    sdl: readRegionalSdl(options.region),
    recordResolvers: { regionOptOut, socialCarePlans },
  })
}

/** Told where broken glass shows the record all the same, to those who may know. */
function regionOptOut({ patient, items }: ReleasedRecord): boolean {
  return (
    items.decideClass({ section: 'demographics', labels: ['R'] }) === 'release' &&
    patient.optOuts.some(({ organisation }) => organisation === null)
  )
}

/** Local authorities are the organisations whose ODS code is three digits. */
async function socialCarePlans(record: ReleasedRecord) {
  const { nodes } = await readListSection(record, 'carePlans')
  return nodes.filter(({ organisation }) => /^\d{3}$/.test(organisation?.odsCode ?? ''))
}
