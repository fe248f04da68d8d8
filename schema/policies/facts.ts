import type { SectionField } from '../sections.ts'

/** Purpose of use as policies see it; OTHER: anything that is not care, and a request that differs from what its token is limited to. */
export type Purpose = 'DIRECT_CARE' | 'EMERGENCY' | 'OTHER'
/** What the viewer says of the relationship to the patient; as Relationship in patient-view.graphql. */
export type RelationshipClaim = 'REGISTERED' | 'REFERRED' | 'ATTENDING' | 'INPATIENT' | 'CLAIMED'
/** As AccessReason in patient-view.graphql. */
export type AccessReason = 'CLINIC_PREPARATION' | 'MENTAL_HEALTH_CARE' | 'SAFEGUARDING' | 'CONTINUITY_OF_CARE'

/** What a break of the glass can lift. */
export const barriers = ['OPT_OUT', 'PERMISSION', 'CONFIDENTIALITY'] as const
export type Barrier = (typeof barriers)[number]
/** Why the glass may be broken. */
export const overrideReasons = ['EMERGENCY', 'VITAL_INTERESTS', 'PUBLIC_INTEREST', 'STATUTE', 'COURT_ORDER'] as const
export type OverrideReason = (typeof overrideReasons)[number]
/** What a permission to view is recorded for. */
export const permissionBases = ['CARE_EPISODE_24_HOURS', 'INPATIENT_STAY_7_DAYS'] as const
export type PermissionBasis = (typeof permissionBases)[number]

/** Who asks, and why: all that steps 2 to 4 need, and all of it known without the patient. */
export interface AccessFacts {
  /** SDS job role code, as R0260. */
  readonly role: string
  /** Area of work, where the identity provider states one; null is none. */
  readonly areaOfWork: string | null
  /** ODS code of the organisation that the role is held at. */
  readonly organisation: string
  /** Codes of the regions that the organisation belongs to (organisations.ts). */
  readonly regions: readonly string[]
  /** See toPurpose. */
  readonly purpose: Purpose
  /** A supervisor's id was given that is not the viewer's own. */
  readonly supervised: boolean
  /** The instant of deciding, in milliseconds since 1970; the day in Europe/London follows from it. */
  readonly nowMs: number
}

/** One viewer and one number: all that steps 5 to 10 need. */
export interface ReleaseFacts extends AccessFacts {
  readonly reason: AccessReason | null
  readonly claim: RelationshipClaim | null
  /** The number asked is the viewer's own, where the token carries one. */
  readonly ownNumber: boolean
  /** Null: the store has no record for the number. */
  readonly patient: PatientFacts | null
}

/** What the store knows of the patient, and of the patient and this viewer. */
export interface PatientFacts {
  readonly relationship: RelationshipFacts
  /** UK Core verification status 01. */
  readonly verified: boolean
  /** The demographic record is flagged sensitive. */
  readonly sensitive: boolean
  readonly deceased: boolean
  /** See daysSince; null where no date of death is known, and while alive. */
  readonly deceasedDays: number | null
  /** Completed years, see youngestAge; null where no birth date is known. */
  readonly age: number | null
  readonly optOuts: {
    /** The patient refuses to share with the region. */
    readonly whole: boolean
    /** Sources (ItemKind) whose items the patient does not want shared. */
    readonly sources: readonly string[]
  }
  /** When the permission for the viewer's organisation ends, in milliseconds since 1970; null: none is recorded. */
  readonly permissionUntilMs: number | null
  /** Grants of this person at this organisation for this patient in this region; those that have ended are ignored. */
  readonly grants: readonly Grant[]
  /** The number in force, or an earlier one of the patient, is the viewer's own. */
  readonly viewersOwn: boolean
}

/** What the store has on record between the patient and the viewer's organisation. Null: nothing. */
export interface RelationshipFacts {
  /** Days since the last attendance ended, see daysSince; 0 while it lasts. */
  readonly encounterDays: number | null
  /** Days since the last referral, or since an appointment was due; 0 while one is to come. */
  readonly referralDays: number | null
  /** Days since the registration ended; 0 while registered. */
  readonly registrationDays: number | null
  /** The patient is admitted there now. */
  readonly inpatient: boolean
}

/** The glass was broken: who, which patient and which region are settled by where it is kept. */
export interface Grant {
  readonly id: string
  readonly barrier: Barrier
  readonly reason: OverrideReason
  /** Milliseconds since 1970. */
  readonly untilMs: number
}

/** What release rules decide on: a patient's demographics, or the items of a section. */
export type ItemSection = 'demographics' | SectionField

/** SNOMED CT's exclusion sets as used nationally. */
export type ExclusionSet = 'GENDER' | 'FERTILITY' | 'TERMINATION' | 'STI'

/** Items of a record that no rule tells apart. Codes are SNOMED CT. */
export interface ReleaseClass {
  readonly section: ItemSection
  /** The bytes of a document, rather than its entry in the list. @default false */
  readonly content?: boolean
  /** Confidentiality and sensitivity codes: N, R, V, SEALED, SEX, STD, HIV, PSY, SUD, SDV, ETH. @default none */
  readonly labels?: readonly string[]
  /** ODS code of the organisation that published it; without one, its name. @default unknown */
  readonly source?: string
  /** Codes of a document's type or a care plan's category. @default none */
  readonly types?: readonly string[]
  /** Codes of a document's categories. @default none */
  readonly categories?: readonly string[]
  /** Codes of the practice setting. @default none */
  readonly settings?: readonly string[]
  /** The exclusion sets that any of its codes is in. @default none */
  readonly exclusionSets?: readonly ExclusionSet[]
}

/** What becomes of an item. withheld: kept back, and that may be told. hidden: kept back without a word. */
export type ItemOutcome = 'release' | 'withheld' | 'hidden'
