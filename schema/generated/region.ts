// Generated from the SDL by `npm run generate`; do not edit.
export type Maybe<T> = T | null;
export type InputMaybe<T> = T | null | undefined;
/** All built-in and custom scalars, mapped to their actual values */
export type Scalars = {
  ID: { input: string; output: string; }
  String: { input: string; output: string; }
  Boolean: { input: boolean; output: boolean; }
  Int: { input: number; output: number; }
  Float: { input: number; output: number; }
  NHSNumber: { input: string; output: string; }
  DateTime: { input: string; output: string; }
  PartialDateTime: { input: string; output: string; }
  Decimal: { input: string; output: string; }
};

export type Query = {
  readonly view: ViewReply;
  readonly documents: ReadonlyArray<DocumentReply>;
  readonly counts: DocumentCounts;
  readonly openReviews: ReviewPage;
  readonly explainAccess: Explanation;
};


export type QueryOpenReviewsArgs = {
  first: Scalars['Int']['input'];
  after: InputMaybe<Scalars['ID']['input']>;
};


export type QueryExplainAccessArgs = {
  nhsNumber: Scalars['NHSNumber']['input'];
  viewer: ExplainedViewer;
};

export type RegionalRecord = {
  readonly nhsNumber: Scalars['NHSNumber']['output'];
  readonly localIdentifiers: ReadonlyArray<Identifier>;
};

export type ViewReply = {
  readonly sequence: Scalars['Int']['output'];
  readonly readAt: Scalars['DateTime']['output'];
  readonly patients: ReadonlyArray<PatientReply>;
};

export type DocumentReply = {
  readonly id: Scalars['ID']['output'];
  readonly nhsNumber: Maybe<Scalars['NHSNumber']['output']>;
};

export type PatientReply = {
  readonly askedNhsNumber: Scalars['NHSNumber']['output'];
  readonly nhsNumber: Maybe<Scalars['NHSNumber']['output']>;
  readonly birthDate: Maybe<Scalars['PartialDateTime']['output']>;
  readonly sensitive: Scalars['Boolean']['output'];
  readonly decision: ReleaseDecision;
  readonly demographicsWithheld: Scalars['Boolean']['output'];
  readonly retractions: ReadonlyArray<Retraction>;
  readonly record: Maybe<Record>;
};

export type DocumentCounts = {
  readonly countedAt: Scalars['DateTime']['output'];
  readonly total: Scalars['Int']['output'];
  readonly inWeek: Scalars['Int']['output'];
  readonly counts: ReadonlyArray<DocumentCount>;
  readonly days: ReadonlyArray<DayCount>;
};

export type DocumentCount = {
  readonly organisation: Maybe<Scalars['ID']['output']>;
  readonly type: Maybe<Scalars['ID']['output']>;
  readonly typeName: Maybe<Scalars['String']['output']>;
  readonly total: Scalars['Int']['output'];
  readonly inWeek: Scalars['Int']['output'];
};

export type DayCount = {
  readonly day: Scalars['PartialDateTime']['output'];
  readonly documents: Scalars['Int']['output'];
};

export type ReleaseDecision = {
  readonly code: ReleaseCode;
  readonly rules: ReadonlyArray<Scalars['String']['output']>;
  readonly policyVersion: Scalars['String']['output'];
  readonly breakGlass: ReadonlyArray<BreakGlassOption>;
  readonly grants: ReadonlyArray<Scalars['ID']['output']>;
  readonly permission: Maybe<Scalars['ID']['output']>;
  readonly itemRules: ReadonlyArray<Scalars['String']['output']>;
  readonly alert: Scalars['Boolean']['output'];
  readonly standsForMs: Scalars['Int']['output'];
  readonly cacheable: Scalars['Boolean']['output'];
};

export type BreakGlassOption = {
  readonly barrier: Barrier;
  readonly reasons: ReadonlyArray<OverrideReason>;
};

export type ReleaseCode =
  | 'PERMITTED'
  | 'OVERRIDDEN'
  | 'PERMISSION_REQUIRED'
  | 'RELATIONSHIP_REQUIRED'
  | 'REFUSED_PURPOSE'
  | 'REFUSED_AGREEMENT'
  | 'REFUSED_ROLE'
  | 'REFUSED_SELF'
  | 'REFUSED_OPT_OUT';

export type Barrier =
  | 'OPT_OUT'
  | 'PERMISSION'
  | 'CONFIDENTIALITY';

export type OverrideReason =
  | 'EMERGENCY'
  | 'VITAL_INTERESTS'
  | 'PUBLIC_INTEREST'
  | 'STATUTE'
  | 'COURT_ORDER';

export type PermissionBasis =
  | 'CARE_EPISODE_24_HOURS'
  | 'INPATIENT_STAY_7_DAYS';

export type ReviewOffice =
  | 'VIEWERS_ORGANISATION'
  | 'REGION';

export type ReviewOutcome =
  | 'JUSTIFIED'
  | 'QUERY'
  | 'BREACH';

export type Mutation = {
  readonly recordPermission: PermissionReply;
  readonly withdrawPermission: PermissionReply;
  readonly breakGlass: GrantReply;
  readonly reviewOverride: ReviewReply;
};


export type MutationRecordPermissionArgs = {
  nhsNumber: Scalars['NHSNumber']['input'];
  basis: PermissionBasis;
};


export type MutationWithdrawPermissionArgs = {
  nhsNumber: Scalars['NHSNumber']['input'];
};


export type MutationBreakGlassArgs = {
  nhsNumber: Scalars['NHSNumber']['input'];
  barrier: Barrier;
  reason: OverrideReason;
  justification: Scalars['String']['input'];
};


export type MutationReviewOverrideArgs = {
  grant: Scalars['ID']['input'];
  office: ReviewOffice;
  outcome: ReviewOutcome;
  note: Scalars['String']['input'];
};

export type ChangeDecision = {
  readonly done: Scalars['Boolean']['output'];
  readonly code: Scalars['String']['output'];
  readonly rules: ReadonlyArray<Scalars['String']['output']>;
  readonly says: Scalars['String']['output'];
  readonly policyVersion: Scalars['String']['output'];
  readonly alert: Scalars['Boolean']['output'];
};

export type PermissionReply = {
  readonly decision: ChangeDecision;
  readonly permission: Maybe<Scalars['ID']['output']>;
  readonly until: Maybe<Scalars['DateTime']['output']>;
};

export type GrantReply = {
  readonly decision: ChangeDecision;
  readonly grant: Maybe<Scalars['ID']['output']>;
  readonly until: Maybe<Scalars['DateTime']['output']>;
  readonly breakGlass: ReadonlyArray<BreakGlassOption>;
};

export type ReviewReply = {
  readonly decision: ChangeDecision;
  readonly review: Maybe<OverrideReview>;
};

export type OverrideReview = {
  readonly grant: Scalars['ID']['output'];
  readonly position: Scalars['ID']['output'];
  readonly at: Scalars['DateTime']['output'];
  readonly barrier: Barrier;
  readonly reason: OverrideReason;
  readonly justification: Scalars['String']['output'];
  readonly person: Scalars['ID']['output'];
  readonly organisation: Scalars['ID']['output'];
  readonly office: ReviewOffice;
  readonly dueBy: Scalars['DateTime']['output'];
  readonly outcome: Maybe<ReviewOutcome>;
  readonly reviewedAt: Maybe<Scalars['DateTime']['output']>;
};

export type ReviewPage = {
  readonly reviews: ReadonlyArray<OverrideReview>;
  readonly hasMore: Scalars['Boolean']['output'];
  readonly openCount: Scalars['Int']['output'];
};

export type ExplainedViewer = {
  readonly role: Scalars['ID']['input'];
  readonly organisation: Scalars['ID']['input'];
  readonly areaOfWork?: InputMaybe<Scalars['String']['input']>;
  readonly purpose: Scalars['String']['input'];
  readonly relationship?: InputMaybe<Scalars['String']['input']>;
  readonly reason?: InputMaybe<Scalars['String']['input']>;
  readonly supervisor?: InputMaybe<Scalars['ID']['input']>;
};

export type Explanation = {
  readonly decision: ReleaseDecision;
  readonly concealed: Scalars['Boolean']['output'];
  readonly sections: ReadonlyArray<ExplainedSection>;
  readonly rules: ReadonlyArray<ExplainedRule>;
};

export type ExplainedSection = {
  readonly section: Scalars['String']['output'];
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
};

export type ExplainedRule = {
  readonly id: Scalars['String']['output'];
  readonly says: Scalars['String']['output'];
  readonly effect: Scalars['String']['output'];
};

export type Retraction = {
  readonly identity: Scalars['ID']['output'];
  readonly id: Maybe<Scalars['ID']['output']>;
  readonly identifier: Maybe<Identifier>;
  readonly organisation: Maybe<Organisation>;
  readonly at: Scalars['DateTime']['output'];
};

export type Record = RegionalRecord & {
  readonly nhsNumber: Scalars['NHSNumber']['output'];
  readonly localIdentifiers: ReadonlyArray<Identifier>;
  readonly demographics: Maybe<Demographics>;
  readonly alerts: AlertSection;
  readonly allergies: AllergySection;
  readonly problems: ProblemSection;
  readonly medications: MedicationSection;
  readonly immunisations: ImmunisationSection;
  readonly procedures: ProcedureSection;
  readonly carePlans: CarePlanSection;
  readonly contacts: ContactSection;
  readonly appointments: AppointmentSection;
  readonly results: ResultPage;
  readonly encounters: EncounterPage;
  readonly documents: DocumentPage;
};


export type RecordProblemsArgs = {
  status: InputMaybe<ReadonlyArray<ProblemStatus>>;
};


export type RecordMedicationsArgs = {
  status: InputMaybe<ReadonlyArray<MedicationStatus>>;
  all?: InputMaybe<Scalars['Boolean']['input']>;
};


export type RecordProceduresArgs = {
  since: InputMaybe<Scalars['PartialDateTime']['input']>;
};


export type RecordAppointmentsArgs = {
  since: InputMaybe<Scalars['PartialDateTime']['input']>;
};


export type RecordResultsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after: InputMaybe<Scalars['ID']['input']>;
  filter: InputMaybe<ResultFilter>;
  ids: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};


export type RecordEncountersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after: InputMaybe<Scalars['ID']['input']>;
  filter: InputMaybe<EncounterFilter>;
  ids: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};


export type RecordDocumentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after: InputMaybe<Scalars['ID']['input']>;
  filter: InputMaybe<DocumentFilter>;
  ids: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
};

export type Section = {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
};

export type SectionAnswerCode =
  | 'RECORDED'
  | 'NONE_RECORDED'
  | 'ASSERTED_NONE'
  | 'NOT_SUPPORTED'
  | 'WITHHELD'
  | 'NOT_KNOWN';

export type Window = {
  readonly from: Maybe<Scalars['PartialDateTime']['output']>;
  readonly to: Maybe<Scalars['PartialDateTime']['output']>;
};

export type Entry = {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
};

export type Organisation = {
  readonly odsCode: Maybe<Scalars['ID']['output']>;
  readonly name: Maybe<Scalars['String']['output']>;
};

export type Coding = {
  readonly system: Maybe<Scalars['String']['output']>;
  readonly code: Scalars['ID']['output'];
  readonly display: Maybe<Scalars['String']['output']>;
};

export type Concept = {
  readonly text: Scalars['String']['output'];
  readonly codings: ReadonlyArray<Coding>;
};

export type Identifier = {
  readonly system: Scalars['String']['output'];
  readonly value: Scalars['String']['output'];
};

export type ContactPoint = {
  readonly system: Scalars['String']['output'];
  readonly value: Scalars['String']['output'];
  readonly use: Maybe<Scalars['String']['output']>;
};

export type HumanName = {
  readonly full: Scalars['String']['output'];
  readonly family: Maybe<Scalars['String']['output']>;
  readonly given: ReadonlyArray<Scalars['String']['output']>;
  readonly prefix: ReadonlyArray<Scalars['String']['output']>;
};

export type Address = {
  readonly lines: ReadonlyArray<Scalars['String']['output']>;
  readonly city: Maybe<Scalars['String']['output']>;
  readonly postcode: Maybe<Scalars['String']['output']>;
};

export type Gender =
  | 'FEMALE'
  | 'MALE'
  | 'OTHER'
  | 'UNKNOWN';

export type Demographics = {
  readonly name: Maybe<HumanName>;
  readonly birthDate: Maybe<Scalars['PartialDateTime']['output']>;
  readonly deceased: Scalars['Boolean']['output'];
  readonly deceasedAt: Maybe<Scalars['PartialDateTime']['output']>;
  readonly gender: Maybe<Gender>;
  readonly address: Maybe<Address>;
  readonly telecom: ReadonlyArray<ContactPoint>;
  readonly gpPractice: Maybe<Organisation>;
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
};

export type AlertSection = Section & {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly nodes: ReadonlyArray<Alert>;
};

export type AlertStatus =
  | 'ACTIVE'
  | 'INACTIVE'
  | 'UNRECOGNISED';

export type Alert = Entry & {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
  readonly code: Concept;
  readonly category: Maybe<Concept>;
  readonly status: AlertStatus;
  readonly start: Maybe<Scalars['PartialDateTime']['output']>;
  readonly end: Maybe<Scalars['PartialDateTime']['output']>;
};

export type AllergySection = Section & {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly nodes: ReadonlyArray<Allergy>;
  readonly assertedNone: Scalars['Boolean']['output'];
};

export type AllergyCategory =
  | 'FOOD'
  | 'MEDICATION'
  | 'ENVIRONMENT'
  | 'BIOLOGIC'
  | 'UNRECOGNISED';

export type Criticality =
  | 'LOW'
  | 'HIGH'
  | 'UNABLE_TO_ASSESS'
  | 'UNRECOGNISED';

export type ClinicalStatus =
  | 'ACTIVE'
  | 'INACTIVE'
  | 'RESOLVED'
  | 'UNRECOGNISED';

export type Verification =
  | 'CONFIRMED'
  | 'UNCONFIRMED'
  | 'PROVISIONAL'
  | 'DIFFERENTIAL'
  | 'UNRECOGNISED';

export type Severity =
  | 'MILD'
  | 'MODERATE'
  | 'SEVERE'
  | 'UNRECOGNISED';

export type Reaction = {
  readonly manifestation: Concept;
  readonly severity: Maybe<Severity>;
};

export type Allergy = Entry & {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
  readonly substance: Concept;
  readonly category: Maybe<AllergyCategory>;
  readonly criticality: Maybe<Criticality>;
  readonly status: Maybe<ClinicalStatus>;
  readonly verification: Maybe<Verification>;
  readonly reactions: ReadonlyArray<Reaction>;
  readonly onset: Maybe<Scalars['PartialDateTime']['output']>;
  readonly recorded: Maybe<Scalars['PartialDateTime']['output']>;
};

export type ProblemSection = Section & {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly nodes: ReadonlyArray<Problem>;
};

export type ProblemStatus =
  | 'ACTIVE'
  | 'RECURRENCE'
  | 'RELAPSE'
  | 'INACTIVE'
  | 'REMISSION'
  | 'RESOLVED'
  | 'UNRECOGNISED';

export type Problem = Entry & {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
  readonly code: Concept;
  readonly status: Maybe<ProblemStatus>;
  readonly verification: Maybe<Verification>;
  readonly onset: Maybe<Scalars['PartialDateTime']['output']>;
  readonly abatement: Maybe<Scalars['PartialDateTime']['output']>;
  readonly significance: Maybe<Scalars['String']['output']>;
  readonly recorded: Maybe<Scalars['PartialDateTime']['output']>;
};

export type MedicationSection = Section & {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly nodes: ReadonlyArray<Medication>;
};

export type MedicationStatus =
  | 'ACTIVE'
  | 'ON_HOLD'
  | 'CANCELLED'
  | 'COMPLETED'
  | 'STOPPED'
  | 'DRAFT'
  | 'INTENDED'
  | 'NOT_TAKEN'
  | 'UNKNOWN'
  | 'UNRECOGNISED';

export type MedicationKind =
  | 'ACUTE'
  | 'REPEAT'
  | 'REPEAT_DISPENSING'
  | 'UNRECOGNISED';

export type Medication = Entry & {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
  readonly medicine: Concept;
  readonly dosage: Maybe<Scalars['String']['output']>;
  readonly status: MedicationStatus;
  readonly kind: Maybe<MedicationKind>;
  readonly started: Maybe<Scalars['PartialDateTime']['output']>;
  readonly ended: Maybe<Scalars['PartialDateTime']['output']>;
  readonly lastIssued: Maybe<Scalars['PartialDateTime']['output']>;
  readonly prescriber: Maybe<Organisation>;
};

export type ImmunisationSection = Section & {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly nodes: ReadonlyArray<Immunisation>;
};

export type EventStatus =
  | 'PREPARATION'
  | 'IN_PROGRESS'
  | 'COMPLETED'
  | 'NOT_DONE'
  | 'ON_HOLD'
  | 'STOPPED'
  | 'UNKNOWN'
  | 'UNRECOGNISED';

export type Immunisation = Entry & {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
  readonly vaccine: Concept;
  readonly status: EventStatus;
  readonly given: Maybe<Scalars['PartialDateTime']['output']>;
  readonly dose: Maybe<Scalars['String']['output']>;
  readonly lot: Maybe<Scalars['String']['output']>;
  readonly site: Maybe<Concept>;
};

export type ProcedureSection = Section & {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly nodes: ReadonlyArray<Procedure>;
};

export type Procedure = Entry & {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
  readonly code: Concept;
  readonly status: EventStatus;
  readonly performed: Maybe<Scalars['PartialDateTime']['output']>;
};

export type CarePlanSection = Section & {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly nodes: ReadonlyArray<CarePlan>;
};

export type PlanStatus =
  | 'DRAFT'
  | 'ACTIVE'
  | 'ON_HOLD'
  | 'REVOKED'
  | 'COMPLETED'
  | 'UNKNOWN'
  | 'UNRECOGNISED';

export type CarePlan = Entry & {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
  readonly title: Maybe<Scalars['String']['output']>;
  readonly category: Maybe<Concept>;
  readonly status: PlanStatus;
  readonly start: Maybe<Scalars['PartialDateTime']['output']>;
  readonly end: Maybe<Scalars['PartialDateTime']['output']>;
  readonly activities: ReadonlyArray<Scalars['String']['output']>;
};

export type ContactSection = Section & {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly nodes: ReadonlyArray<Contact>;
};

export type Contact = Entry & {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
  readonly name: Maybe<Scalars['String']['output']>;
  readonly relationship: Maybe<Concept>;
  readonly professional: Scalars['Boolean']['output'];
  readonly worksFor: Maybe<Organisation>;
  readonly telecom: ReadonlyArray<ContactPoint>;
};

export type AppointmentSection = Section & {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly nodes: ReadonlyArray<Appointment>;
};

export type AppointmentStatus =
  | 'PROPOSED'
  | 'PENDING'
  | 'BOOKED'
  | 'ARRIVED'
  | 'FULFILLED'
  | 'CANCELLED'
  | 'NOSHOW'
  | 'CHECKED_IN'
  | 'WAITLIST'
  | 'UNRECOGNISED';

export type Appointment = Entry & {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
  readonly start: Maybe<Scalars['DateTime']['output']>;
  readonly end: Maybe<Scalars['DateTime']['output']>;
  readonly status: AppointmentStatus;
  readonly specialty: Maybe<Concept>;
  readonly location: Maybe<Scalars['String']['output']>;
  readonly description: Maybe<Scalars['String']['output']>;
};

export type Page = {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly hasMore: Scalars['Boolean']['output'];
};

export type ResultPage = Page & Section & {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly hasMore: Scalars['Boolean']['output'];
  readonly nodes: ReadonlyArray<Result>;
};

export type ResultFilter = {
  readonly codes?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly category?: InputMaybe<ResultCategory>;
  readonly since?: InputMaybe<Scalars['PartialDateTime']['input']>;
  readonly until?: InputMaybe<Scalars['PartialDateTime']['input']>;
  readonly all?: InputMaybe<Scalars['Boolean']['input']>;
};

export type ResultCategory =
  | 'LABORATORY'
  | 'VITAL_SIGNS'
  | 'IMAGING'
  | 'SURVEY'
  | 'SOCIAL_HISTORY'
  | 'EXAM'
  | 'PROCEDURE'
  | 'UNRECOGNISED';

export type ResultStatus =
  | 'REGISTERED'
  | 'PRELIMINARY'
  | 'FINAL'
  | 'AMENDED'
  | 'CORRECTED'
  | 'CANCELLED'
  | 'UNKNOWN'
  | 'UNRECOGNISED';

export type Comparator =
  | 'LESS'
  | 'LESS_OR_EQUAL'
  | 'GREATER_OR_EQUAL'
  | 'GREATER';

export type Quantity = {
  readonly value: Scalars['Decimal']['output'];
  readonly comparator: Maybe<Comparator>;
  readonly unit: Maybe<Scalars['String']['output']>;
  readonly system: Maybe<Scalars['String']['output']>;
  readonly code: Maybe<Scalars['String']['output']>;
};

export type ResultComponent = {
  readonly code: Concept;
  readonly value: Maybe<Scalars['String']['output']>;
  readonly quantity: Maybe<Quantity>;
};

export type Result = Entry & {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
  readonly position: Scalars['ID']['output'];
  readonly code: Concept;
  readonly category: Maybe<ResultCategory>;
  readonly effective: Maybe<Scalars['PartialDateTime']['output']>;
  readonly status: ResultStatus;
  readonly value: Maybe<Scalars['String']['output']>;
  readonly quantity: Maybe<Quantity>;
  readonly referenceRange: Maybe<Scalars['String']['output']>;
  readonly interpretation: Maybe<Concept>;
  readonly components: ReadonlyArray<ResultComponent>;
  readonly report: Maybe<Concept>;
};

export type EncounterPage = Page & Section & {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly hasMore: Scalars['Boolean']['output'];
  readonly nodes: ReadonlyArray<Encounter>;
};

export type EncounterFilter = {
  readonly classes?: InputMaybe<ReadonlyArray<EncounterClass>>;
  readonly since?: InputMaybe<Scalars['PartialDateTime']['input']>;
  readonly until?: InputMaybe<Scalars['PartialDateTime']['input']>;
  readonly all?: InputMaybe<Scalars['Boolean']['input']>;
};

export type EncounterClass =
  | 'INPATIENT'
  | 'EMERGENCY'
  | 'AMBULATORY'
  | 'HOME_HEALTH'
  | 'VIRTUAL'
  | 'FIELD'
  | 'SHORT_STAY'
  | 'OBSERVATION'
  | 'UNRECOGNISED';

export type EncounterStatus =
  | 'PLANNED'
  | 'ARRIVED'
  | 'TRIAGED'
  | 'IN_PROGRESS'
  | 'ON_LEAVE'
  | 'FINISHED'
  | 'CANCELLED'
  | 'UNKNOWN'
  | 'UNRECOGNISED';

export type Encounter = Entry & {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
  readonly position: Scalars['ID']['output'];
  readonly class: Maybe<EncounterClass>;
  readonly type: Maybe<Concept>;
  readonly status: EncounterStatus;
  readonly start: Maybe<Scalars['PartialDateTime']['output']>;
  readonly end: Maybe<Scalars['PartialDateTime']['output']>;
  readonly reason: Maybe<Concept>;
  readonly provider: Maybe<Organisation>;
};

export type DocumentPage = Page & Section & {
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
  readonly hasMore: Scalars['Boolean']['output'];
  readonly nodes: ReadonlyArray<Document>;
};

export type DocumentFilter = {
  readonly types?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly categories?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly organisations?: InputMaybe<ReadonlyArray<Scalars['ID']['input']>>;
  readonly status?: InputMaybe<ReadonlyArray<DocumentStatus>>;
  readonly since?: InputMaybe<Scalars['PartialDateTime']['input']>;
  readonly until?: InputMaybe<Scalars['PartialDateTime']['input']>;
};

export type DocumentStatus =
  | 'CURRENT'
  | 'SUPERSEDED';

export type Confidentiality =
  | 'NORMAL'
  | 'RESTRICTED'
  | 'VERY_RESTRICTED';

export type ContentAnswer =
  | 'AVAILABLE'
  | 'WITHHELD'
  | 'LOCATION_PROTECTED'
  | 'ABSENT';

export type Author = {
  readonly name: Maybe<Scalars['String']['output']>;
  readonly role: Maybe<Concept>;
  readonly organisation: Maybe<Organisation>;
};

export type DocumentContent = {
  readonly contentType: Scalars['String']['output'];
  readonly size: Scalars['Int']['output'];
  readonly sha256: Scalars['String']['output'];
  readonly language: Maybe<Scalars['String']['output']>;
};

export type Document = Entry & {
  readonly id: Scalars['ID']['output'];
  readonly identifier: Maybe<Identifier>;
  readonly version: Maybe<Scalars['Int']['output']>;
  readonly lastUpdated: Maybe<Scalars['DateTime']['output']>;
  readonly organisation: Maybe<Organisation>;
  readonly recordedAt: Scalars['DateTime']['output'];
  readonly orderedAt: Maybe<Scalars['DateTime']['output']>;
  readonly position: Scalars['ID']['output'];
  readonly title: Scalars['String']['output'];
  readonly type: Concept;
  readonly category: Maybe<Concept>;
  readonly status: DocumentStatus;
  readonly created: Maybe<Scalars['PartialDateTime']['output']>;
  readonly indexed: Maybe<Scalars['DateTime']['output']>;
  readonly author: Maybe<Author>;
  readonly custodian: Maybe<Organisation>;
  readonly specialty: Maybe<Concept>;
  readonly confidentiality: Confidentiality;
  readonly replaces: ReadonlyArray<Identifier>;
  readonly contentAnswer: ContentAnswer;
  readonly content: Maybe<DocumentContent>;
};
