import type { Barrier, ExclusionSet, OverrideReason, PermissionBasis } from '../../../schema/policies/facts.ts'
import type { SectionField } from '../../../schema/sections.ts'
import type { Lifecycle } from '../../../subgraphs/store/record-store.ts'
import type { Slug } from '../system.ts'

/** Both regions: what the schema, the folders and people call them. */
export const regions = [
  { code: 'CHESHIRE_MERSEYSIDE', slug: 'cheshire-merseyside', name: 'e-Xchange' },
  { code: 'LANCASHIRE_SOUTH_CUMBRIA', slug: 'lancashire-south-cumbria', name: 'LPRES' },
] as const satisfies readonly { code: string; slug: Slug; name: string }[]
export type RegionCode = (typeof regions)[number]['code']

/** Everything of one generated case, apart from its numbers and its day: whom the regions know, who asks, and what. */
export interface World {
  readonly patients: readonly [PatientModel, PatientModel]
  readonly viewers: readonly [ViewerModel, ViewerModel]
  readonly changes: readonly ChangeModel[]
  readonly asks: readonly AskModel[]
}

/** Which of two: a viewer, or a patient. */
export type Which = 0 | 1
/** A patient's numbers: the one in force, and an earlier one that a region may not know of. */
export type NumberModel = 'earlier' | 'inForce'
/** An ODS code, or the organisation of a viewer: @0, @1. Empty: an organisation of which nothing is known. */
export type OrganisationModel = string
export type Precision = 'day' | 'month' | 'year'

export interface DateModel {
  /** Before today; negative: still to come. */
  readonly daysAgo: number
  readonly precision: Precision
}

export interface PatientModel {
  /** By which number the patient is asked for. */
  readonly asked: NumberModel
  /** Born so many years ago today, and so many days after that. */
  readonly born: { readonly yearsAgo: number; readonly daysLater: number }
  readonly holdings: Readonly<Record<RegionCode, Holding>>
  readonly items: readonly ItemModel[]
}

/** What one region knows of a patient, beside the items. */
export interface Holding {
  /** Under which number; both: the number in force supersedes the earlier one here. */
  readonly under: NumberModel | 'both'
  /** Null: items at most, no demographic record. */
  readonly demographics: DemographicsModel | null
  readonly optOuts: readonly { readonly organisation: OrganisationModel | null; readonly active: boolean }[]
  readonly referrals: readonly (DateModel & { readonly organisation: OrganisationModel; readonly active: boolean })[]
  readonly permission: {
    readonly organisation: OrganisationModel
    readonly hours: number
    readonly under: NumberModel
    readonly withdrawn: boolean
  } | null
  readonly grants: readonly {
    readonly viewer: Which
    readonly barrier: Barrier
    readonly reason: OverrideReason
    readonly minutes: number
    readonly under: NumberModel
  }[]
}

export interface DemographicsModel {
  readonly verification: '01' | '02'
  readonly sensitive: boolean
  readonly birth: Precision | null
  readonly death: { readonly date: DateModel | null } | null
  readonly practice: OrganisationModel
  /** Of whose practice the patient was until so many days ago. */
  readonly practiceBefore: { readonly practice: OrganisationModel; readonly daysAgo: number } | null
}

/** One item, known by one business identifier wherever it is held. */
export interface ItemModel {
  readonly section: SectionField
  /** Null: undated, as appointments never are. */
  readonly daysAgo: number | null
  /** What each region holds of it: the two may label it differently. */
  readonly versions: Readonly<Partial<Record<RegionCode, VersionModel>>>
}

export interface VersionModel {
  readonly labels: readonly string[]
  readonly source: OrganisationModel
  readonly lifecycle: Lifecycle
  readonly version: number
  /** A code of this exclusion set stands somewhere in it. */
  readonly exclusion: ExclusionSet | null
  /**
   * Codes of a document's type or a care plan's category; a document's categories; practice setting of a document or
   * appointment.
   */
  readonly types: readonly string[]
  readonly categories: readonly string[]
  readonly settings: readonly string[]
  readonly hasContent: boolean
  /** A document's: the place among the items of one that it replaces. */
  readonly replaces: number | null
  /** Took place, is under way, or did not take place: of encounters and appointments. */
  readonly course: 'done' | 'underWay' | 'cancelled'
  readonly provider: OrganisationModel | null
  /** How exactly an encounter is dated. */
  readonly precision: Precision
  /** One of two codes, classes or statuses to filter by; of an allergy, the second says that none is known. */
  readonly variant: Which
}

export interface ViewerModel {
  /** Two viewers may be one person, who asks in another role or for another reason. */
  readonly person: Which
  readonly role: string
  readonly organisation: string
  readonly areaOfWork: string | null
  readonly tokenPurpose: string | null
  /** The viewer is a patient. */
  readonly self: { readonly patient: Which; readonly number: NumberModel } | null
  readonly access: {
    readonly purpose: 'DIRECT_CARE' | 'EMERGENCY' | null
    readonly relationship: 'REGISTERED' | 'REFERRED' | 'ATTENDING' | 'INPATIENT' | 'CLAIMED' | null
    readonly reason: 'CLINIC_PREPARATION' | 'MENTAL_HEALTH_CARE' | 'SAFEGUARDING' | 'CONTINUITY_OF_CARE' | null
    readonly supervisor: 'self' | 'another' | null
  }
}

/** A change made through the gateway before anything is asked. */
export type ChangeModel = { readonly viewer: Which; readonly patient: Which; readonly region: RegionCode } & (
  | { readonly kind: 'permission'; readonly basis: PermissionBasis }
  | { readonly kind: 'glass'; readonly barrier: Barrier; readonly reason: OverrideReason }
)

export const shapes = ['whole', 'ward', 'aliases', 'pages', 'documents'] as const

export interface AskModel {
  readonly shape: (typeof shapes)[number]
  readonly viewer: Which
  readonly patient: Which
  /** Null: both. */
  readonly regions: readonly RegionCode[] | null
  readonly filters: FiltersModel
  /** Of pages. */
  readonly first: number
  readonly timeline: 'results' | 'encounters' | 'documents'
}

/** What is asked for of some sections; null: everything current. */
export interface FiltersModel {
  readonly documentTypes: readonly string[] | null
  readonly documentOrganisations: readonly string[] | null
  readonly supersededToo: boolean
  readonly variant: Which | null
}
