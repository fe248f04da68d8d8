import type * as Region from '../../schema/generated/region.ts'
import type { Barrier, OverrideReason, PermissionBasis, ReleaseClass } from '../../schema/policies/facts.ts'
import type { ReportingPeriod } from '../../schema/reporting-period.ts'
import type { ListSectionField, SectionField, SectionItems, TimelineSectionField } from '../../schema/sections.ts'
import type { PublicationRecord, PublicationsQuery, PublishEffect, PublishedBy } from './published-by.ts'

/** What a publisher says of an item; the rest of the SDL's type (id, provenance, order) is the store's to add. */
export type ItemFields<S extends SectionField> = Omit<SectionItems[S], keyof Region.Entry | '__typename' | 'position'>

/** FHIR's life of an item, as far as serving it is concerned. Retracted: entered in error, or refuted. */
export type Lifecycle = 'current' | 'superseded' | 'retracted'

/** One item as published, before the store knows whether it is new. */
export interface PublishedItem<S extends SectionField = SectionField> {
  readonly section: S
  /** FHIR resource type and place in the Bundle, for outcomes: `entry` counts from 0. */
  readonly resourceType: string
  readonly entry: number
  readonly nhsNumber: string
  /**
   * The business identifier, which is the same in every region (schema/README.md, Identifiers); null if there is none.
   */
  readonly identifier: Region.Identifier | null
  /** Resource id at the source organisation: what tells the item apart where there is no business identifier. */
  readonly resourceId: string
  readonly version: number | null
  readonly lastUpdated: string | null
  readonly organisation: Region.Organisation
  readonly lifecycle: Lifecycle
  /** Null where undated. */
  readonly orderedAtMs: number | null
  /** Confidentiality and sensitivity codes: N, R, V, SEALED, SEX, STD, HIV, PSY, SUD, SDV, ETH, ... */
  readonly labels: readonly string[]
  /** Business identifiers (system and value) of documents that this one replaces. */
  readonly replaces: readonly Region.Identifier[]
  /** Business identifiers of the requests that a statement is based on: one therapy, shown once. */
  readonly basedOn: readonly Region.Identifier[]
  readonly fields: ItemFields<S>
}

/** The demographic record of a patient as published. */
export interface PublishedPatient {
  readonly entry: number
  readonly nhsNumber: string
  /** UK Core verification status code; only 01 is served. */
  readonly verification: string
  /** Earlier numbers of the same person that this number replaces. */
  readonly supersedes: readonly string[]
  readonly sensitive: boolean
  readonly localIdentifiers: readonly Region.Identifier[]
  readonly fields: Omit<Region.Demographics, '__typename' | 'recordedAt'>
}

/** A patient's refusal to share, from a FHIR Consent. */
export interface PublishedOptOut {
  readonly entry: number
  readonly nhsNumber: string
  readonly identifier: Region.Identifier | null
  readonly resourceId: string
  readonly lastUpdated: string | null
  /** Not active: withdrawn. */
  readonly active: boolean
  /** The organisation whose items are not to be shared; null for all. */
  readonly organisation: Region.Organisation | null
}

/** A referral to an organisation, from a FHIR ServiceRequest: a relationship, and no item of the record. */
export interface PublishedReferral {
  readonly entry: number
  readonly nhsNumber: string
  readonly identifier: Region.Identifier | null
  readonly resourceId: string
  readonly lastUpdated: string | null
  /** Not active: revoked or entered in error. */
  readonly active: boolean
  /** ODS code of the organisation referred to. */
  readonly organisation: string
  /** FHIR date or dateTime; null where undated. */
  readonly authoredOn: string | null
}

/** Bytes of a document, known by their hash. */
export interface PublishedContent {
  readonly sha256: string
  readonly bytes: Uint8Array
}

/** What one transaction publishes, all of it or nothing, and who publishes it. */
export interface Publication {
  readonly by: PublishedBy
  readonly patients: readonly PublishedPatient[]
  readonly items: readonly PublishedItem[]
  readonly optOuts: readonly PublishedOptOut[]
  readonly referrals: readonly PublishedReferral[]
  readonly contents: readonly PublishedContent[]
}

/** A publication before anybody is said to publish it, as a mapping makes it. */
export type UnattributedPublication = Omit<Publication, 'by'>

/** Why a publication was refused, by entry; `path` is a FHIRPath within the entry's resource. */
export interface PublicationFault {
  readonly entry: number
  readonly path: string
  /** FHIR IssueType code. */
  readonly code: string
  readonly fault: string
}

export type PublicationOutcome =
  | {
      readonly status: 'stored'
      readonly sequence: number
      readonly entries: ReadonlyMap<number, PublishEffect>
      /** What was stored but takes no effect yet, by entry; the publication stands without it. */
      readonly warnings: readonly PublicationFault[]
    }
  | { readonly status: 'refused'; readonly faults: readonly PublicationFault[] }

/** A patient whose record may be read: what all publishers say, in one row. */
export interface PatientRow {
  /** The store's own key. */
  readonly key: number
  readonly nhsNumber: string
  /**
   * 01 where any publisher has the number verified, or none says; the items of those who have not are not read then.
   */
  readonly verification: string
  /** Whether any publisher flags the patient. */
  readonly sensitive: boolean
  readonly localIdentifiers: readonly Region.Identifier[]
  /**
   * The fullest and newest publisher's, its gaps filled from the others'. Null where items were published but no
   * demographic record.
   */
  readonly demographics: Region.Demographics | null
  /** Every birth date that a publisher states, where they differ; else empty. */
  readonly statedBirthDates: readonly string[]
  /**
   * The death that the demographics state closes the record: the registered practice says so, two publishers, or the
   * only one.
   */
  readonly deathStands: boolean
  /** Opt-outs in force. */
  readonly optOuts: readonly { readonly organisation: Region.Organisation | null }[]
}

/** An item as stored: what the SDL serves, and its kind (ReleaseClass.id), by which release rules decide. */
export interface StoredItem<S extends SectionField> {
  readonly item: SectionItems[S]
  /**
   * Whose statement it is: an ODS code, or what an item that was published before publishers were kept is told apart
   * by.
   */
  readonly owner: string
  readonly releaseClass: number
  readonly basedOn: readonly Region.Identifier[]
  readonly lifecycle: Lifecycle
}

/** The viewer's release as part of the store's query, so that no page is short. */
export interface ReleaseFilter {
  /** Released classes (ReleaseClass.id) by patient key. A patient without an entry has none. @default all, for tools */
  readonly releaseClasses?: ReadonlyMap<number, readonly number[]>
}

/** A release class and its id in this store. */
export interface StoredReleaseClass {
  readonly id: number
  readonly releaseClass: ReleaseClass
}

/** The viewer, by what the store's facts are keyed by. */
export interface ViewerKey {
  /** ODS code. */
  readonly organisation: string
  /** NHS CIS2 user id. */
  readonly person: string
  /** The instant at which grants are to be in force, in milliseconds since 1970. */
  readonly nowMs: number
}

/** The store's facts between a patient and a viewer. */
export interface ViewerFacts {
  /** All the patient's numbers: that in force, and those that it supersedes. */
  readonly nhsNumbers: readonly string[]
  /**
   * Current encounters at the viewer's organisation, by provider or, without one, by source; newest first, at most 100.
   */
  readonly encounters: readonly Pick<Region.Encounter, 'class' | 'status' | 'start' | 'end'>[]
  /** Current appointments there, by source, newest first, at most 100. */
  readonly appointments: readonly Pick<Region.Appointment, 'status' | 'start'>[]
  /** When active referrals to it were made: FHIR date or dateTime. */
  readonly referrals: readonly string[]
  /**
   * Whether it is the practice in the patient's demographics; ended: when this store last heard that it was, null where
   * it never did.
   */
  readonly registration: { readonly current: boolean; readonly endedAt: string | null }
  /** The permission for it that was recorded last and not withdrawn, ended or not. */
  readonly permission: { readonly id: string; readonly untilMs: number } | null
  /**
   * Grants in force, of the person at the organisation for the patient: of each barrier and reason the one that ends
   * last, newest first.
   */
  readonly grants: readonly OverrideGrant[]
}

/** A patient's permission for an organisation to view, recorded at the point of care, for unknown numbers too. */
export interface RecordedPermission {
  readonly id: string
  readonly nhsNumber: string
  /** ODS code. */
  readonly organisation: string
  /** Who recorded it, by NHS CIS2 user id. */
  readonly person: string
  readonly basis: PermissionBasis
  readonly untilMs: number
}

/** Broken glass: one person, one patient, one barrier. */
export interface OverrideGrant {
  readonly id: string
  readonly nhsNumber: string
  readonly person: string
  /** ODS code of the organisation where the person's role is held. */
  readonly organisation: string
  readonly barrier: Barrier
  readonly reason: OverrideReason
  readonly justification: string
  readonly atMs: number
  readonly untilMs: number
}

/** A request for a grant. An equal request gets the same grant. */
export type GrantRequest = Pick<
  OverrideGrant,
  'nhsNumber' | 'person' | 'organisation' | 'barrier' | 'reason' | 'justification'
>

/**
 * What became of a review: CLOSED; or not, for it is not open, the reviewer broke the glass (OWN_ACCESS), or did the
 * other office's review (SAME_REVIEWER).
 */
export type ReviewClosingOutcome = 'CLOSED' | 'NOT_OPEN' | 'OWN_ACCESS' | 'SAME_REVIEWER'

/** One office's review of broken glass; what is null is null while it is open. */
export interface OverrideReview {
  readonly grant: OverrideGrant
  readonly office: Region.ReviewOffice
  readonly dueByMs: number
  readonly outcome: Region.ReviewOutcome | null
  readonly note: string | null
  /** NHS CIS2 user id. */
  readonly reviewer: string | null
  readonly reviewedAtMs: number | null
}

/** Selects open reviews: an organisation's own, and the region's. */
export interface ReviewScope {
  /** ODS code of the viewers' organisation whose reviews count. */
  readonly organisation: string
  /** The reviews that are the region's count too. */
  readonly region: boolean
}

/** What a source organisation is told apart by: its ODS code; without one, its name. */
export function toSource({ odsCode, name }: Region.Organisation): string {
  return odsCode ?? name ?? ''
}

/** Instants are milliseconds since 1970, inclusive; a bound leaves undated items out. */
export interface TimelineQuery {
  readonly first: number
  /** Null: from the newest. */
  readonly after: { readonly orderedAtMs: number | null; readonly id: string } | null
  readonly fromMs: number | null
  readonly toMs: number | null
  readonly filter: TimelineFilter
}
export interface TimelineFilter extends ReleaseFilter {
  /** Only these items, by their public ids. */
  readonly ids?: readonly string[]
  /** Results: codes of any system. Documents: type codes. */
  readonly codes?: readonly string[]
  /** Results: ResultCategory. Encounters: EncounterClass. Documents: category codes. */
  readonly categories?: readonly string[]
  /** ODS codes of source organisations. */
  readonly organisations?: readonly string[]
  /** Only these; default current. */
  readonly lifecycles?: readonly Lifecycle[]
}

/** A store's figures, which reveal nothing of any record. */
export interface StoreFigures {
  /** The sequence number of the last committed change. */
  readonly sequence: number
  /** Documents held: whatever their lifecycle, without earlier versions. */
  readonly documents: number
  /** What the database takes, its pages that are free again included. */
  readonly bytes: number
  /** Open reviews of each office, and those of them whose time has passed. Every office is in it. */
  readonly reviews: readonly { readonly office: Region.ReviewOffice; readonly open: number; readonly overdue: number }[]
}

/**
 * Documents published here. Each is counted once, when the store first holds it, by what it then was: replaced,
 * retracted or superseded since, it was published all the same.
 */
export interface DocumentCounts {
  /** Up to the end of the week; `inWeek`: those of it published in the week. */
  readonly total: number
  readonly inWeek: number
  /** Up to the end of the week; without an ODS code or a coded type, under an empty text. */
  readonly counts: readonly {
    readonly organisation: string
    readonly type: string
    readonly typeName: string | null
    readonly total: number
    readonly inWeek: number
  }[]
  /** Days from `since` to the end of the week on which something was published, in order. */
  readonly days: readonly { readonly day: string; readonly documents: number }[]
}

/** One committed change, for the feed. */
export interface StoreChange {
  readonly sequence: number
  readonly committedAt: string
  /** The kind of change. */
  readonly kind: 'publish' | 'consent'
  readonly nhsNumber: string
  /** The patient is flagged sensitive, when it is read. */
  readonly sensitive: boolean
}

/** The patients flagged sensitive. */
export interface FlaggedPatients {
  /** As of this change, or a later one. */
  readonly sequence: number
  /** Every number by which one of them may be asked for. */
  readonly nhsNumbers: readonly string[]
}

/**
 * A region's records. Every read is batched over patients; every publication is one transaction and one row of the
 * change sequence for each patient it touches. Keys in returned maps are those that were asked; a patient without such
 * items is absent.
 */
export interface RecordStore {
  /** The sequence number of the last committed change; 0 when there is none. */
  sequence(): Promise<number>
  /** By asked number; a superseded number finds its successor. Numbers without a record are absent. */
  findPatients(nhsNumbers: readonly string[]): Promise<ReadonlyMap<string, PatientRow>>
  /**
   * All current items of a list section, newest first, ties by id, undated last; at most `limit` for each patient, and
   * one more where there are more.
   */
  readList<S extends ListSectionField>(
    section: S,
    patients: readonly number[],
    limit: number,
    filter?: ReleaseFilter,
  ): Promise<ReadonlyMap<number, readonly StoredItem<S>[]>>
  /** A page of a timeline: at most `first` items for each patient, and one more where there are more. */
  readTimeline<S extends TimelineSectionField>(
    section: S,
    patients: readonly number[],
    query: TimelineQuery,
  ): Promise<ReadonlyMap<number, readonly StoredItem<S>[]>>
  /**
   * Which of these patients have an item in a section that some query would show, by lifecycle and the filter alone: no
   * window, no page.
   */
  findHolders(section: SectionField, patients: readonly number[], filter?: ReleaseFilter): Promise<ReadonlySet<number>>
  /** The release classes of these patients' items, current or not. A class without items may remain. */
  findReleaseClasses(patients: readonly number[]): Promise<ReadonlyMap<number, readonly StoredReleaseClass[]>>
  /** What is on record between these patients and a viewer; an entry for each key that is a patient's. */
  readViewerFacts(patients: readonly number[], viewer: ViewerKey): Promise<ReadonlyMap<number, ViewerFacts>>
  /** Items of these patients that were retracted or replaced, newest first. */
  readRetractions(
    patients: readonly number[],
    filter?: ReleaseFilter,
  ): Promise<ReadonlyMap<number, readonly Region.Retraction[]>>
  /** The numbers of the patients whose documents these are, by the documents' public ids; unknown ones are absent. */
  findDocuments(ids: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** A document's content in chunks, from the byte `start` on where it is given; null where no such content is held. */
  readContent(sha256: string, start?: number): Promise<AsyncIterable<Uint8Array> | null>
  /**
   * Each publication is stored whole or refused whole; those stored are durable together when this returns. A publisher
   * corrects, retracts and replaces its own statements and those of whom it acts for; what it says of another's
   * business identifier is kept beside the other's.
   */
  publish(publications: readonly Publication[]): Promise<readonly PublicationOutcome[]>
  /**
   * A permission, in place of an earlier one for the same number and organisation. A change, as all of the following
   * but the reviews.
   */
  recordPermission(permission: RecordedPermission): Promise<void>
  /** Withdraws an organisation's permissions under all of the patient's numbers. */
  withdrawPermission(nhsNumber: string, organisation: string): Promise<void>
  /** Records a grant and opens its two reviews. */
  recordGrant(grant: OverrideGrant, reviewDueByMs: number): Promise<void>
  /** The grant in force that was given for the same, under any of the patient's numbers; null where there is none. */
  findSameGrant(asked: GrantRequest, nowMs: number): Promise<OverrideGrant | null>
  /**
   * How many grants a person was given since an instant, for any patient and at any organisation; counted up to `most`.
   */
  countGrants(person: string, sinceMs: number, most: number): Promise<number>
  /**
   * Open reviews, newest grant first; throws a RangeError when `after` is no position. Ties by grant id and office; at
   * most `first` and one more where there are more.
   */
  findOpenReviews(
    scope: ReviewScope,
    page: { readonly first: number; readonly after: string | null },
  ): Promise<readonly (OverrideReview & { readonly position: string })[]>
  countOpenReviews(scope: ReviewScope): Promise<number>
  /** The reviews of a grant, open or not; none for an unknown one. */
  findReviews(grant: string): Promise<readonly OverrideReview[]>
  /** Ends an open review; never by the person who broke the glass, and never both by one person. */
  closeReview(
    grant: string,
    office: Region.ReviewOffice,
    review: {
      readonly outcome: Region.ReviewOutcome
      readonly note: string
      readonly reviewer: string
      readonly atMs: number
    },
  ): Promise<ReviewClosingOutcome>
  /**
   * Documents published up to the end of a week, by source organisation and type, and by day since a day (2026-11-16).
   */
  countDocuments(week: ReportingPeriod, since: string): Promise<DocumentCounts>
  /** The publishing trail, newest first. */
  findPublications(query: PublicationsQuery): Promise<readonly PublicationRecord[]>
  /** Committed changes after a sequence number, in order. */
  readChangesAfter(sequence: number, limit: number): Promise<readonly StoreChange[]>
  findFlaggedPatients(): Promise<FlaggedPatients>
  /** As of now, in milliseconds since 1970. Costs the same however many records there are. */
  readFigures(nowMs: number): Promise<StoreFigures>
  close(): void
}
