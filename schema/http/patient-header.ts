/** The header in which a store names, to the gateway alone and for its audit trail, the patient whose content it sends. */
export const patientHeader = 'patient-nhs-number'
