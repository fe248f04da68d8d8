/** Codes of the errors with which a result says that what was asked is not for this viewer, or is none that can be asked: nothing failed here. */
export const clientFaults: ReadonlySet<string> = new Set([
  'BAD_CURSOR',
  'BAD_USER_INPUT',
  'BAD_WEEK',
  'FIRST_OUT_OF_RANGE',
  'FORBIDDEN',
  'INVALID_DATE',
  'INVALID_DECIMAL',
  'INVALID_NHS_NUMBER',
  'JUSTIFICATION_TOO_LONG',
  'JUSTIFICATION_TOO_SHORT',
  'NOTE_TOO_LONG',
  'TOO_MANY_PATIENTS',
])
