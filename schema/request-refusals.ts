/** Codes of the errors by which a store refuses what it was asked, and says nothing of how it is itself. */
export const requestRefusals: ReadonlySet<string> = new Set([
  'TOO_MANY_DOCUMENTS',
  'TOO_MANY_PATIENTS',
  'FIRST_OUT_OF_RANGE',
  'BAD_CURSOR',
  'BAD_USER_INPUT',
  'BAD_VIEWER',
  'FORBIDDEN',
  'JUSTIFICATION_TOO_LONG',
  'JUSTIFICATION_TOO_SHORT',
  'NOTE_TOO_LONG',
])
