/** The most documents that a store is asked for in one request; it refuses more with TOO_MANY_DOCUMENTS. */
export const mostDocuments = 50
