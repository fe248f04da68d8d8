import { fault } from '../../schema/graphql-errors.ts'

/** An NHS CIS2 user id as it may stand on the trail; throws BAD_USER_INPUT for what cannot be one. */
export function toPersonId(id: string): string {
  if (!/^[\w.:-]{1,64}$/.test(id)) throw fault('BAD_USER_INPUT', 'Expected an NHS CIS2 user id.')
  return id
}
