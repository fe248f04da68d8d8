import { readRegionalSdl } from '../../schema/sdl.ts'
import type { ReleasedRecord } from '../release/released-record.ts'
import { createRecordService, type RecordService, type RecordServiceOptions } from '../service/record-service.ts'

/** e-Xchange's record store: its SDL, and what only its records have. */
export function createCheshireMerseysideService(
  options: Omit<RecordServiceOptions, 'sdl' | 'recordResolvers'>,
): RecordService {
  return createRecordService({
    ...options,
    sdl: readRegionalSdl(options.region),
    recordResolvers: { organisationOptOuts },
  })
}

/** Whom a patient does not trust is restricted (R), whatever else the viewer sees; of a patient flagged sensitive it is a place. */
function organisationOptOuts({ patient, items }: ReleasedRecord) {
  if (patient.sensitive || items.decideClass({ section: 'demographics', labels: ['R'] }) !== 'release') return []
  return patient.optOuts.flatMap(({ organisation }) => (organisation === null ? [] : [organisation]))
}
