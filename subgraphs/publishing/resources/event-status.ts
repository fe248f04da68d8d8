import type * as Region from '../../../schema/generated/region.ts'
import { toEnum } from '../datatypes/concept.ts'

const statuses = ['PREPARATION', 'IN_PROGRESS', 'COMPLETED', 'NOT_DONE', 'ON_HOLD', 'STOPPED', 'UNKNOWN'] as const

/** FHIR's event-status as the SDL has it. */
export function toEventStatus(status: string): Region.EventStatus {
  return toEnum(statuses, status) ?? 'UNRECOGNISED'
}
