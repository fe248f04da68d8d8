import type * as Region from '../../schema/generated/region.ts'

/** Demographics of a patient flagged sensitive: nothing that says where they are. */
export function withoutPlaces(demographics: Region.Demographics): Region.Demographics {
  return { ...demographics, address: null, telecom: [], gpPractice: null, organisation: null }
}

/** A contact of such a patient: who, not where. */
export function withoutContactPlaces(contact: Region.Contact): Region.Contact {
  return { ...contact, telecom: [], worksFor: null }
}

/** An appointment of such a patient: when, not where. */
export function withoutAppointmentPlaces(appointment: Region.Appointment): Region.Appointment {
  return { ...appointment, location: null }
}
