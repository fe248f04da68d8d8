import { personId } from '../../schema/claim-formats.ts'
import { fault } from '../../schema/graphql-errors.ts'

/** A person's id as a client states it, of the form that it has in tokens and on the trail; throws BAD_USER_INPUT for what cannot be one. */
export function toPersonId(id: string): string {
  if (!personId.safeParse(id).success)
    throw fault('BAD_USER_INPUT', 'Expected the id of a person: 1 to 255 characters of visible ASCII.')
  return id
}

/** The supervisor that a client states; null where the text is empty. Throws BAD_USER_INPUT. */
export function toSupervisor(text: string | null | undefined): string | null {
  const id = text?.trim()
  return id ? toPersonId(id) : null
}
