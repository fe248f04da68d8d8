import type { Publisher } from '../../schema/publishers.ts'

/**
 * `created` is new; `updated` supersedes an earlier version; `unchanged` is already stored; `older` has a newer version
 * stored.
 */
export type PublishEffect = 'created' | 'updated' | 'retracted' | 'unchanged' | 'older'

/** The publisher, and the request by which the publication came. The publishing trail stores both. */
export interface PublishedBy {
  /** ODS code of the organisation of the token or of the command; never what a resource says. */
  readonly publisher: string
  /** ODS codes of the others whose statements it corrects (publishers.json); `all` for the store's office. */
  readonly actsFor: 'all' | readonly string[]
  readonly via: 'http' | 'import' | 'demo'
  /** The token's person (NHS CIS2 user id), or the user who ran the command; null if unknown. */
  readonly person: string | null
  /** Id of the HTTP request, or of the command's run. */
  readonly requestId: string
}

/** Converts a listed publisher. */
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
  /** Number of entries by effect. */
  readonly counts: Readonly<Partial<Record<PublishEffect, number>>>
}

/** A filter of the publishing trail; what is absent restricts nothing. */
export interface PublicationsQuery {
  /** Only publications that are or were part of this patient's record. */
  readonly nhsNumber?: string
  /** ODS code. */
  readonly publisher?: string
  readonly requestId?: string
  /** Received at this ISO 8601 instant in UTC or later. */
  readonly since?: string
  readonly limit: number
}
