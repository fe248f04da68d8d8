/** Codes of the errors by which a store refuses what it was asked, and says nothing of how it is itself. */
export const requestRefusalCodes: ReadonlySet<string> = new Set([
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

/** The most documents that a store is asked for in one request; it refuses more with TOO_MANY_DOCUMENTS. */
export const maxDocumentsPerRequest = 50

/** The least that a GraphQL service answers (GraphQL, 4.1 Type Name Introspection). Stores answer it at once, so it tells whether they answer at all. */
export const probeQuery = '{ __typename }'
