/** Error codes with which a store refuses a request. They say nothing about the store's health. */
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

/** Most documents in one request to a store, which refuses more with TOO_MANY_DOCUMENTS. */
export const maxDocumentsPerRequest = 50

/**
 * The smallest GraphQL query (GraphQL, section 4.1, Type Name Introspection). Stores answer it at once, so it probes
 * whether they are up.
 */
export const probeQuery = '{ __typename }'
