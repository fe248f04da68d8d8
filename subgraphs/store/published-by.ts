import type { Publisher } from '../../schema/publishers.ts'

/** created: new here. updated: supersedes what was here. unchanged: already here. older: a newer version is here. */
export type PublishEffect = 'created' | 'updated' | 'retracted' | 'unchanged' | 'older'

/** Who publishes, and how it came: the publishing trail keeps it with every publication. */
export interface PublishedBy {
  /** ODS code of the organisation of the token or of the command, whose statements these are; never what a resource says. */
  readonly publisher: string
  /** ODS codes of the others whose statements it corrects (publishers.json); `all` for the store's office. */
  readonly actsFor: 'all' | readonly string[]
  readonly via: 'http' | 'import' | 'demo'
  /** Who the token says (NHS CIS2 user id), or the user name that ran the command; null where nobody is known. */
  readonly person: string | null
  /** Id of the HTTP request, or of the command's run. */
  readonly requestId: string
}

/** A listed publisher, as it publishes. */
export function toPublishedBy(
  { odsCode, actsFor }: Publisher,
  how: Omit<PublishedBy, 'publisher' | 'actsFor'>,
): PublishedBy {
  return { publisher: odsCode, actsFor, ...how }
}

/** A row of the publishing trail. */
export interface PublicationRecord extends Omit<PublishedBy, 'actsFor'> {
  readonly publication: number
  readonly receivedAt: string
  /** How many entries became what. */
  readonly counts: Readonly<Partial<Record<PublishEffect, number>>>
}

/** Which rows of the publishing trail; what is absent restricts nothing. */
export interface PublicationsQuery {
  /** Only publications of which something lies, or lay, in this patient's record. */
  readonly nhsNumber?: string
  /** ODS code. */
  readonly publisher?: string
  readonly requestId?: string
  /** Received at this ISO 8601 instant in UTC or later. */
  readonly since?: string
  readonly limit: number
}
