/** The least that a GraphQL service answers (GraphQL, 4.1 Type Name Introspection). Stores answer it at once, so it tells whether they answer at all. */
export const leastQuery = '{ __typename }'
