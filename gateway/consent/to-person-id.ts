import { personId } from '../../schema/claim-formats.ts'
import { fault } from '../../schema/graphql-errors.ts'

/** Validates a person's id that a client states, in the form that tokens and the trail use. Throws BAD_USER_INPUT. */
export function toPersonId(id: string): string {
  if (!personId.safeParse(id).success)
    throw fault('BAD_USER_INPUT', 'Expected the id of a person: 1 to 255 characters of visible ASCII.')
  return id
}

/** Validates the supervisor that a client states; null for an empty text. Throws BAD_USER_INPUT. */
export function toSupervisor(text: string | null | undefined): string | null {
  const id = text?.trim()
  return id ? toPersonId(id) : null
}
