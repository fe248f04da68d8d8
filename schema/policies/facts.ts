import type { SectionField } from '../sections.ts'

/**
 * Purpose of use. OTHER is any purpose but care, and any request that differs from the purpose its token is limited to.
 */
export type Purpose = 'DIRECT_CARE' | 'EMERGENCY' | 'OTHER'
/** The relationship that the viewer claims; Relationship in patient-view.graphql. */
export type RelationshipClaim = 'REGISTERED' | 'REFERRED' | 'ATTENDING' | 'INPATIENT' | 'CLAIMED'
/** AccessReason in patient-view.graphql. */
export type AccessReason = 'CLINIC_PREPARATION' | 'MENTAL_HEALTH_CARE' | 'SAFEGUARDING' | 'CONTINUITY_OF_CARE'

/** Barriers that break glass can lift. */
export const barriers = ['OPT_OUT', 'PERMISSION', 'CONFIDENTIALITY'] as const
export type Barrier = (typeof barriers)[number]
/** Reasons for breaking the glass. */
export const overrideReasons = ['EMERGENCY', 'VITAL_INTERESTS', 'PUBLIC_INTEREST', 'STATUTE', 'COURT_ORDER'] as const
export type OverrideReason = (typeof overrideReasons)[number]
/** Bases on which a permission to view is recorded. */
export const permissionBases = ['CARE_EPISODE_24_HOURS', 'INPATIENT_STAY_7_DAYS'] as const
export type PermissionBasis = (typeof permissionBases)[number]

/** Who asks and why: all that steps 2 to 4 read. It is known without the patient. */
export interface AccessFacts {
  /** SDS job role code, as R0260. */
  readonly role: string
  /** Area of work; null where the identity provider states none. */
  readonly areaOfWork: string | null
  /** ODS code of the organisation that the role is held at. */
  readonly organisation: string
  /** Codes of the regions that the organisation belongs to (organisations.ts). */
  readonly regions: readonly string[]
  /** See toPurpose. */
  readonly purpose: Purpose
  /** Whether the request names a supervisor other than the viewer. */
  readonly supervised: boolean
  /** The instant of the decision, in milliseconds since 1970. Rules see its day in Europe/London. */
  readonly nowMs: number
}

/** One viewer and one NHS number: all that steps 5 to 10 read. */
export interface ReleaseFacts extends AccessFacts {
  readonly reason: AccessReason | null
  readonly claim: RelationshipClaim | null
  /** Whether the requested number is the viewer's own, where the token carries one. */
  readonly ownNumber: boolean
  /** Null if the store has no record for the number. */
  readonly patient: PatientFacts | null
}

/** The store's facts about the patient, and about this viewer's relation to the patient. */
export interface PatientFacts {
  readonly relationship: RelationshipFacts
  /** Whether the UK Core verification status is 01, number present and verified. */
  readonly verified: boolean
  /** Whether the demographic record is flagged sensitive. */
  readonly sensitive: boolean
  readonly deceased: boolean
  /** Days since death (daysSince); null while alive, and where no date of death is known. */
  readonly deceasedDays: number | null
  /** Completed years (toMinAge); null where no plausible birth date is known. */
  readonly age: number | null
  readonly optOuts: {
    /** Whether the patient refuses to share with the whole region. */
    readonly whole: boolean
    /** Sources (ReleaseClass.source) whose items the patient refuses to share. */
    readonly sources: readonly string[]
  }
  /** End of the permission for the viewer's organisation, in milliseconds since 1970; null if none is recorded. */
  readonly permissionUntilMs: number | null
  /** This person's grants at this organisation for this patient in this region; expired ones are ignored. */
  readonly grants: readonly Grant[]
  /** Whether the patient's current or an earlier number is the viewer's own. */
  readonly viewersOwn: boolean
}

/** The recorded relationship between the patient and the viewer's organisation. Null means none is recorded. */
export interface RelationshipFacts {
  /** Days since the last attendance ended (daysSince); 0 during an attendance. */
  readonly encounterDays: number | null
  /** Days since the last referral, or since an appointment was due; 0 if an appointment is to come. */
  readonly referralDays: number | null
  /** Days since the registration ended; 0 while registered. */
  readonly registrationDays: number | null
  /** Whether the patient is admitted to the organisation now. */
  readonly inpatient: boolean
}

/** A grant by break glass. The store keeps it by person, organisation and patient, so it does not repeat them. */
export interface Grant {
  readonly id: string
  readonly barrier: Barrier
  readonly reason: OverrideReason
  /** End of the grant, in milliseconds since 1970. */
  readonly untilMs: number
}

/** What release rules decide on: a patient's demographics, or the items of a section. */
export type ItemSection = 'demographics' | SectionField

/** SNOMED CT's exclusion sets as used nationally. */
export type ExclusionSet = 'GENDER' | 'FERTILITY' | 'TERMINATION' | 'STI'

/** A release class: items that no release rule tells apart. All codes are SNOMED CT. */
export interface ReleaseClass {
  readonly section: ItemSection
  /** Whether the class is the document's bytes rather than its entry in the list. @default false */
  readonly content?: boolean
  /** Confidentiality and sensitivity labels: N, R, V, SEALED, SEX, STD, HIV, PSY, SUD, SDV, ETH. @default none */
  readonly labels?: readonly string[]
  /** ODS code of the source organisation; its name where it has no code. @default unknown */
  readonly source?: string
  /** Codes of a document's type or a care plan's category. @default none */
  readonly types?: readonly string[]
  /** Codes of a document's categories. @default none */
  readonly categories?: readonly string[]
  /** Codes of the practice setting. @default none */
  readonly settings?: readonly string[]
  /** Exclusion sets that contain any of the item's codes. @default none */
  readonly exclusionSets?: readonly ExclusionSet[]
}

/** The outcome for an item: `withheld` is held back and disclosed, `hidden` is held back and not disclosed. */
export type ItemOutcome = 'release' | 'withheld' | 'hidden'
