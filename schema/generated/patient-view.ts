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
  RegionCode: { input: string; output: string; }
  NHSNumber: { input: string; output: string; }
  DateTime: { input: string; output: string; }
  PartialDateTime: { input: string; output: string; }
  Decimal: { input: string; output: string; }
};

export type Query = {
  readonly patient: Patient;
  readonly patients: ReadonlyArray<Patient>;
  readonly document: DocumentAnswer;
  readonly regions: ReadonlyArray<Region>;
  readonly viewer: Viewer;
  readonly explainAccess: Maybe<ReadonlyArray<AccessExplanation>>;
  readonly accesses: Maybe<AccessConnection>;
  readonly accessesBy: Maybe<AccessConnection>;
  readonly openReviews: Maybe<OverrideReviewConnection>;
  readonly utilisation: Maybe<UtilisationReport>;
};


export type QueryPatientArgs = {
  nhsNumber: Scalars['NHSNumber']['input'];
  birthDate: InputMaybe<Scalars['PartialDateTime']['input']>;
  access: InputMaybe<AccessContext>;
  regions: InputMaybe<ReadonlyArray<Scalars['RegionCode']['input']>>;
  noCache?: InputMaybe<Scalars['Boolean']['input']>;
};


export type QueryPatientsArgs = {
  nhsNumbers: ReadonlyArray<Scalars['NHSNumber']['input']>;
  access: InputMaybe<AccessContext>;
  regions: InputMaybe<ReadonlyArray<Scalars['RegionCode']['input']>>;
  noCache?: InputMaybe<Scalars['Boolean']['input']>;
};


export type QueryDocumentArgs = {
  id: Scalars['ID']['input'];
  access: InputMaybe<AccessContext>;
};


export type QueryExplainAccessArgs = {
  nhsNumber: Scalars['NHSNumber']['input'];
  viewer: ViewerInput;
};


export type QueryAccessesArgs = {
  nhsNumber: Scalars['NHSNumber']['input'];
  first?: InputMaybe<Scalars['Int']['input']>;
  after: InputMaybe<Scalars['String']['input']>;
};


export type QueryAccessesByArgs = {
  person: Scalars['ID']['input'];
  first?: InputMaybe<Scalars['Int']['input']>;
  after: InputMaybe<Scalars['String']['input']>;
};


export type QueryOpenReviewsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after: InputMaybe<Scalars['String']['input']>;
};


export type QueryUtilisationArgs = {
  week: InputMaybe<Scalars['String']['input']>;
};

export type Mutation = {
  readonly recordPermission: PermissionPayload;
  readonly withdrawPermission: PermissionPayload;
  readonly breakGlass: BreakGlassPayload;
  readonly reviewOverride: ReviewOverridePayload;
};


export type MutationRecordPermissionArgs = {
  input: RecordPermissionInput;
};


export type MutationWithdrawPermissionArgs = {
  input: WithdrawPermissionInput;
};


export type MutationBreakGlassArgs = {
  input: BreakGlassInput;
};


export type MutationReviewOverrideArgs = {
  input: ReviewOverrideInput;
};

export type AccessContext = {
  readonly purpose?: InputMaybe<Purpose>;
  readonly relationship?: InputMaybe<Relationship>;
  readonly reason?: InputMaybe<AccessReason>;
  readonly supervisor?: InputMaybe<Scalars['ID']['input']>;
};

export type Purpose =
  | 'DIRECT_CARE'
  | 'EMERGENCY';

export type Relationship =
  | 'REGISTERED'
  | 'REFERRED'
  | 'ATTENDING'
  | 'INPATIENT'
  | 'CLAIMED';

export type AccessReason =
  | 'CLINIC_PREPARATION'
  | 'MENTAL_HEALTH_CARE'
  | 'SAFEGUARDING'
  | 'CONTINUITY_OF_CARE';

export type Patient = {
  readonly nhsNumber: Scalars['NHSNumber']['output'];
  readonly askedNhsNumber: Scalars['NHSNumber']['output'];
  readonly presence: Presence;
  readonly completeness: Completeness;
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
  readonly results: ResultConnection;
  readonly encounters: EncounterConnection;
  readonly documents: DocumentConnection;
  readonly records: ReadonlyArray<RegionalRecord>;
};


export type PatientProblemsArgs = {
  status: InputMaybe<ReadonlyArray<ProblemStatus>>;
};


export type PatientMedicationsArgs = {
  status: InputMaybe<ReadonlyArray<MedicationStatus>>;
  all?: InputMaybe<Scalars['Boolean']['input']>;
};


export type PatientProceduresArgs = {
  since: InputMaybe<Scalars['PartialDateTime']['input']>;
};


export type PatientAppointmentsArgs = {
  since: InputMaybe<Scalars['PartialDateTime']['input']>;
};


export type PatientResultsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after: InputMaybe<Scalars['String']['input']>;
  filter: InputMaybe<ResultFilter>;
};


export type PatientEncountersArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after: InputMaybe<Scalars['String']['input']>;
  filter: InputMaybe<EncounterFilter>;
};


export type PatientDocumentsArgs = {
  first?: InputMaybe<Scalars['Int']['input']>;
  after: InputMaybe<Scalars['String']['input']>;
  filter: InputMaybe<DocumentFilter>;
};

export type Presence =
  | 'FOUND'
  | 'NOT_FOUND'
  | 'UNDETERMINED';

export type Completeness = {
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly regions: ReadonlyArray<RegionAnswer>;
};

export type RegionAnswer = {
  readonly region: Region;
  readonly status: RegionStatus;
  readonly message: Scalars['String']['output'];
  readonly asOf: Maybe<Scalars['DateTime']['output']>;
  readonly fromCache: Scalars['Boolean']['output'];
  readonly latencyMs: Maybe<Scalars['Float']['output']>;
  readonly decision: Maybe<ConsentDecision>;
};

export type RegionStatus =
  | 'ANSWERED'
  | 'NOT_KNOWN'
  | 'REFUSED'
  | 'PERMISSION_REQUIRED'
  | 'RELATIONSHIP_REQUIRED'
  | 'IDENTITY_MISMATCH'
  | 'TIMED_OUT'
  | 'UNREACHABLE'
  | 'FAILED'
  | 'SUSPENDED'
  | 'NOT_ASKED';

export type ConsentDecision = {
  readonly code: ConsentCode;
  readonly rules: ReadonlyArray<Scalars['String']['output']>;
  readonly policyVersion: Scalars['String']['output'];
  readonly grant: Maybe<Scalars['ID']['output']>;
  readonly breakGlass: ReadonlyArray<BreakGlassOption>;
};

export type BreakGlassOption = {
  readonly barrier: Barrier;
  readonly reasons: ReadonlyArray<OverrideReason>;
};

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

export type ConsentCode =
  | 'PERMITTED'
  | 'OVERRIDDEN'
  | 'PERMISSION_REQUIRED'
  | 'RELATIONSHIP_REQUIRED'
  | 'REFUSED_PURPOSE'
  | 'REFUSED_AGREEMENT'
  | 'REFUSED_ROLE'
  | 'REFUSED_SELF'
  | 'REFUSED_OPT_OUT';

export type Region = {
  readonly code: Scalars['RegionCode']['output'];
  readonly name: Scalars['String']['output'];
  readonly applicationName: Scalars['String']['output'];
  readonly organisation: Organisation;
  readonly notice: Scalars['String']['output'];
  readonly health: RegionHealth;
};

export type RegionHealth = {
  readonly available: Scalars['Boolean']['output'];
  readonly suspendedUntil: Maybe<Scalars['DateTime']['output']>;
  readonly feedConnected: Scalars['Boolean']['output'];
  readonly policyVersion: Scalars['String']['output'];
};

export type Organisation = {
  readonly odsCode: Maybe<Scalars['ID']['output']>;
  readonly name: Maybe<Scalars['String']['output']>;
};

export type Coding = {
  readonly system: Maybe<Scalars['String']['output']>;
  readonly code: Maybe<Scalars['ID']['output']>;
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

export type Section = {
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
};

export type SectionAnswer = {
  readonly region: Scalars['RegionCode']['output'];
  readonly section: SectionName;
  readonly answer: SectionAnswerCode;
  readonly withheld: Scalars['Boolean']['output'];
  readonly truncated: Scalars['Boolean']['output'];
  readonly window: Maybe<Window>;
};

export type Window = {
  readonly from: Maybe<Scalars['PartialDateTime']['output']>;
  readonly to: Maybe<Scalars['PartialDateTime']['output']>;
};

export type SectionName =
  | 'DEMOGRAPHICS'
  | 'ALERTS'
  | 'ALLERGIES'
  | 'PROBLEMS'
  | 'MEDICATIONS'
  | 'IMMUNISATIONS'
  | 'PROCEDURES'
  | 'CARE_PLANS'
  | 'CONTACTS'
  | 'APPOINTMENTS'
  | 'RESULTS'
  | 'ENCOUNTERS'
  | 'DOCUMENTS';

export type SectionAnswerCode =
  | 'RECORDED'
  | 'NONE_RECORDED'
  | 'ASSERTED_NONE'
  | 'NOT_SUPPORTED'
  | 'NOT_KNOWN'
  | 'WITHHELD'
  | 'NOT_RETRIEVED';

export type Item = {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
};

export type Source = {
  readonly region: Scalars['RegionCode']['output'];
  readonly organisation: Maybe<Organisation>;
  readonly identifier: Maybe<Identifier>;
  readonly recordedAt: Maybe<Scalars['DateTime']['output']>;
};

export type Conflict = {
  readonly field: Scalars['String']['output'];
  readonly values: ReadonlyArray<ConflictValue>;
};

export type ConflictValue = {
  readonly region: Scalars['RegionCode']['output'];
  readonly value: Maybe<Scalars['String']['output']>;
};

export type Demographics = {
  readonly name: Maybe<HumanName>;
  readonly birthDate: Maybe<Scalars['PartialDateTime']['output']>;
  readonly deceased: Scalars['Boolean']['output'];
  readonly deceasedAt: Maybe<Scalars['PartialDateTime']['output']>;
  readonly gender: Maybe<Gender>;
  readonly locationProtected: Scalars['Boolean']['output'];
  readonly address: Maybe<Address>;
  readonly telecom: ReadonlyArray<ContactPoint>;
  readonly gpPractice: Maybe<Organisation>;
  readonly sources: ReadonlyArray<Source>;
  readonly conflicts: ReadonlyArray<Conflict>;
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

export type ContactPoint = {
  readonly system: Scalars['String']['output'];
  readonly value: Scalars['String']['output'];
  readonly use: Maybe<Scalars['String']['output']>;
};

export type Gender =
  | 'FEMALE'
  | 'MALE'
  | 'OTHER'
  | 'UNKNOWN';

export type AlertSection = Section & {
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
  readonly nodes: ReadonlyArray<Alert>;
};

export type AlertStatus =
  | 'ACTIVE'
  | 'INACTIVE'
  | 'UNRECOGNISED';

export type Alert = Item & {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
  readonly code: Concept;
  readonly category: Maybe<Concept>;
  readonly status: AlertStatus;
  readonly start: Maybe<Scalars['PartialDateTime']['output']>;
  readonly end: Maybe<Scalars['PartialDateTime']['output']>;
};

export type AllergySection = Section & {
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
  readonly nodes: ReadonlyArray<Allergy>;
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

export type Allergy = Item & {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
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
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
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

export type Problem = Item & {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
  readonly code: Concept;
  readonly status: Maybe<ProblemStatus>;
  readonly verification: Maybe<Verification>;
  readonly onset: Maybe<Scalars['PartialDateTime']['output']>;
  readonly abatement: Maybe<Scalars['PartialDateTime']['output']>;
  readonly significance: Maybe<Scalars['String']['output']>;
  readonly recorded: Maybe<Scalars['PartialDateTime']['output']>;
};

export type MedicationSection = Section & {
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
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

export type Medication = Item & {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
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
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
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

export type Immunisation = Item & {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
  readonly vaccine: Concept;
  readonly status: EventStatus;
  readonly given: Maybe<Scalars['PartialDateTime']['output']>;
  readonly dose: Maybe<Scalars['String']['output']>;
  readonly lot: Maybe<Scalars['String']['output']>;
  readonly site: Maybe<Concept>;
};

export type ProcedureSection = Section & {
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
  readonly nodes: ReadonlyArray<Procedure>;
};

export type Procedure = Item & {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
  readonly code: Concept;
  readonly status: EventStatus;
  readonly performed: Maybe<Scalars['PartialDateTime']['output']>;
};

export type CarePlanSection = Section & {
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
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

export type CarePlan = Item & {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
  readonly title: Maybe<Scalars['String']['output']>;
  readonly category: Maybe<Concept>;
  readonly status: PlanStatus;
  readonly start: Maybe<Scalars['PartialDateTime']['output']>;
  readonly end: Maybe<Scalars['PartialDateTime']['output']>;
  readonly activities: ReadonlyArray<Scalars['String']['output']>;
};

export type ContactSection = Section & {
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
  readonly nodes: ReadonlyArray<Contact>;
};

export type Contact = Item & {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
  readonly name: Maybe<Scalars['String']['output']>;
  readonly relationship: Maybe<Concept>;
  readonly professional: Scalars['Boolean']['output'];
  readonly organisation: Maybe<Organisation>;
  readonly telecom: ReadonlyArray<ContactPoint>;
};

export type AppointmentSection = Section & {
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
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

export type Appointment = Item & {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
  readonly start: Maybe<Scalars['DateTime']['output']>;
  readonly end: Maybe<Scalars['DateTime']['output']>;
  readonly status: AppointmentStatus;
  readonly specialty: Maybe<Concept>;
  readonly location: Maybe<Scalars['String']['output']>;
  readonly description: Maybe<Scalars['String']['output']>;
};

export type PageInfo = {
  readonly hasNextPage: Scalars['Boolean']['output'];
  readonly hasPreviousPage: Scalars['Boolean']['output'];
  readonly startCursor: Maybe<Scalars['String']['output']>;
  readonly endCursor: Maybe<Scalars['String']['output']>;
};

export type ResultConnection = Section & {
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
  readonly edges: ReadonlyArray<ResultEdge>;
  readonly nodes: ReadonlyArray<Result>;
  readonly pageInfo: PageInfo;
};

export type ResultEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Result;
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

export type Result = Item & {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
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

export type Quantity = {
  readonly value: Scalars['Decimal']['output'];
  readonly comparator: Maybe<Comparator>;
  readonly unit: Maybe<Scalars['String']['output']>;
  readonly system: Maybe<Scalars['String']['output']>;
  readonly code: Maybe<Scalars['String']['output']>;
};

export type Comparator =
  | 'LESS'
  | 'LESS_OR_EQUAL'
  | 'GREATER_OR_EQUAL'
  | 'GREATER';

export type ResultComponent = {
  readonly code: Concept;
  readonly value: Maybe<Scalars['String']['output']>;
  readonly quantity: Maybe<Quantity>;
};

export type EncounterConnection = Section & {
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
  readonly edges: ReadonlyArray<EncounterEdge>;
  readonly nodes: ReadonlyArray<Encounter>;
  readonly pageInfo: PageInfo;
};

export type EncounterEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Encounter;
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

export type Encounter = Item & {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
  readonly class: Maybe<EncounterClass>;
  readonly type: Maybe<Concept>;
  readonly status: EncounterStatus;
  readonly start: Maybe<Scalars['PartialDateTime']['output']>;
  readonly end: Maybe<Scalars['PartialDateTime']['output']>;
  readonly reason: Maybe<Concept>;
  readonly provider: Maybe<Organisation>;
};

export type DocumentConnection = Section & {
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly answers: ReadonlyArray<SectionAnswer>;
  readonly edges: ReadonlyArray<DocumentEdge>;
  readonly nodes: ReadonlyArray<Document>;
  readonly pageInfo: PageInfo;
};

export type DocumentEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Document;
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

export type Document = Item & {
  readonly id: Scalars['ID']['output'];
  readonly sources: ReadonlyArray<Source>;
  readonly possibleDuplicates: ReadonlyArray<Scalars['ID']['output']>;
  readonly conflicts: ReadonlyArray<Conflict>;
  readonly retractedElsewhere: Maybe<Source>;
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
  readonly url: Scalars['String']['output'];
};

export type DocumentAnswer = {
  readonly document: Maybe<Document>;
  readonly status: RegionStatus;
  readonly message: Scalars['String']['output'];
};

export type RegionalRecord = {
  readonly region: Region;
  readonly nhsNumber: Scalars['NHSNumber']['output'];
  readonly localIdentifiers: ReadonlyArray<Identifier>;
};

export type Viewer = {
  readonly id: Scalars['ID']['output'];
  readonly name: Maybe<Scalars['String']['output']>;
  readonly role: Coding;
  readonly organisation: Organisation;
  readonly regions: ReadonlyArray<Scalars['RegionCode']['output']>;
  readonly purpose: Purpose;
};

export type ViewerInput = {
  readonly role: Scalars['ID']['input'];
  readonly organisation: Scalars['ID']['input'];
  readonly areaOfWork?: InputMaybe<Scalars['String']['input']>;
  readonly access?: InputMaybe<AccessContext>;
};

export type AccessExplanation = {
  readonly region: Region;
  readonly decision: ConsentDecision;
  readonly concealed: Scalars['Boolean']['output'];
  readonly sections: ReadonlyArray<SectionAnswer>;
  readonly rules: ReadonlyArray<RuleExplanation>;
};

export type RuleExplanation = {
  readonly id: Scalars['String']['output'];
  readonly says: Scalars['String']['output'];
  readonly effect: RuleEffect;
};

export type RuleEffect =
  | 'PERMITS'
  | 'FORBIDS'
  | 'FILTERS';

export type AccessConnection = {
  readonly edges: ReadonlyArray<AccessEdge>;
  readonly nodes: ReadonlyArray<Access>;
  readonly pageInfo: PageInfo;
};

export type AccessEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: Access;
};

export type Access = {
  readonly at: Scalars['DateTime']['output'];
  readonly person: Scalars['ID']['output'];
  readonly name: Maybe<Scalars['String']['output']>;
  readonly role: Coding;
  readonly organisation: Organisation;
  readonly operation: Scalars['String']['output'];
  readonly region: Maybe<Scalars['RegionCode']['output']>;
  readonly status: RegionStatus;
  readonly decision: Maybe<ConsentCode>;
  readonly grant: Maybe<Scalars['ID']['output']>;
  readonly alert: Scalars['Boolean']['output'];
  readonly odd: Scalars['Boolean']['output'];
};

export type PermissionBasis =
  | 'CARE_EPISODE_24_HOURS'
  | 'INPATIENT_STAY_7_DAYS';

export type MutationStatus =
  | 'DONE'
  | 'REFUSED'
  | 'UNAVAILABLE';

export type RecordPermissionInput = {
  readonly nhsNumber: Scalars['NHSNumber']['input'];
  readonly region: Scalars['RegionCode']['input'];
  readonly basis?: InputMaybe<PermissionBasis>;
};

export type WithdrawPermissionInput = {
  readonly nhsNumber: Scalars['NHSNumber']['input'];
  readonly region: Scalars['RegionCode']['input'];
};

export type PermissionPayload = {
  readonly status: MutationStatus;
  readonly message: Scalars['String']['output'];
  readonly region: Region;
  readonly until: Maybe<Scalars['DateTime']['output']>;
};

export type BreakGlassInput = {
  readonly nhsNumber: Scalars['NHSNumber']['input'];
  readonly region: Scalars['RegionCode']['input'];
  readonly barrier: Barrier;
  readonly reason: OverrideReason;
  readonly justification: Scalars['String']['input'];
};

export type BreakGlassPayload = {
  readonly status: MutationStatus;
  readonly message: Scalars['String']['output'];
  readonly region: Region;
  readonly grant: Maybe<Scalars['ID']['output']>;
  readonly until: Maybe<Scalars['DateTime']['output']>;
  readonly breakGlass: ReadonlyArray<BreakGlassOption>;
};

export type ReviewOffice =
  | 'VIEWERS_ORGANISATION'
  | 'REGION';

export type ReviewOutcome =
  | 'JUSTIFIED'
  | 'QUERY'
  | 'BREACH';

export type ReviewOverrideInput = {
  readonly grant: Scalars['ID']['input'];
  readonly office: ReviewOffice;
  readonly outcome: ReviewOutcome;
  readonly note: Scalars['String']['input'];
};

export type ReviewOverridePayload = {
  readonly status: MutationStatus;
  readonly message: Scalars['String']['output'];
  readonly review: Maybe<OverrideReview>;
};

export type OverrideReviewConnection = {
  readonly edges: ReadonlyArray<OverrideReviewEdge>;
  readonly nodes: ReadonlyArray<OverrideReview>;
  readonly pageInfo: PageInfo;
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly openCount: Scalars['Int']['output'];
};

export type OverrideReviewEdge = {
  readonly cursor: Scalars['String']['output'];
  readonly node: OverrideReview;
};

export type OverrideReview = {
  readonly grant: Scalars['ID']['output'];
  readonly region: Region;
  readonly at: Scalars['DateTime']['output'];
  readonly barrier: Barrier;
  readonly reason: OverrideReason;
  readonly justification: Scalars['String']['output'];
  readonly person: Scalars['ID']['output'];
  readonly organisation: Organisation;
  readonly office: ReviewOffice;
  readonly dueBy: Scalars['DateTime']['output'];
  readonly outcome: Maybe<ReviewOutcome>;
  readonly reviewedAt: Maybe<Scalars['DateTime']['output']>;
};

export type UtilisationReport = {
  readonly week: Scalars['String']['output'];
  readonly from: Scalars['DateTime']['output'];
  readonly until: Scalars['DateTime']['output'];
  readonly over: Scalars['Boolean']['output'];
  readonly complete: Scalars['Boolean']['output'];
  readonly message: Scalars['String']['output'];
  readonly trailAsOf: Scalars['DateTime']['output'];
  readonly trailSince: Maybe<Scalars['DateTime']['output']>;
  readonly looks: Maybe<Scalars['Int']['output']>;
  readonly completeLooks: Maybe<Scalars['Int']['output']>;
  readonly completeShare: Maybe<Scalars['Float']['output']>;
  readonly regions: ReadonlyArray<RegionUtilisation>;
  readonly history: ReadonlyArray<ProgrammeFigure>;
};

export type RegionUtilisation = {
  readonly region: Region;
  readonly status: RegionStatus;
  readonly asOf: Maybe<Scalars['DateTime']['output']>;
  readonly documentsPublished: Maybe<Scalars['Int']['output']>;
  readonly documentsPublishedThisWeek: Maybe<Scalars['Int']['output']>;
  readonly documentsByOrganisation: Maybe<ReadonlyArray<PublishedCount>>;
  readonly documentsByType: Maybe<ReadonlyArray<PublishedCount>>;
  readonly documentsByOrganisationAndType: Maybe<ReadonlyArray<PublishedCount>>;
  readonly documentTrend: Maybe<UtilisationTrends>;
  readonly asked: Maybe<Scalars['Int']['output']>;
  readonly views: Maybe<Scalars['Int']['output']>;
  readonly viewsByRegionOfViewer: ReadonlyArray<ViewCount>;
  readonly viewsFromElsewhere: Maybe<Scalars['Int']['output']>;
  readonly shareFromElsewhere: Maybe<Scalars['Float']['output']>;
  readonly viewsElsewhere: Maybe<Scalars['Int']['output']>;
  readonly shareElsewhere: Maybe<Scalars['Float']['output']>;
  readonly viewsByOrganisation: Maybe<ReadonlyArray<OrganisationViews>>;
  readonly viewsByRole: Maybe<ReadonlyArray<RoleViews>>;
  readonly outcomes: Maybe<ReadonlyArray<ViewOutcome>>;
  readonly viewTrend: UtilisationTrends;
  readonly documentsOpened: Maybe<Scalars['Int']['output']>;
  readonly glassBroken: Maybe<Scalars['Int']['output']>;
  readonly latencyP50Ms: Maybe<Scalars['Float']['output']>;
  readonly latencyP95Ms: Maybe<Scalars['Float']['output']>;
};

export type PublishedCount = {
  readonly organisation: Maybe<Organisation>;
  readonly type: Maybe<Coding>;
  readonly published: Maybe<Scalars['Int']['output']>;
  readonly publishedThisWeek: Maybe<Scalars['Int']['output']>;
};

export type ViewCount = {
  readonly region: Maybe<Scalars['RegionCode']['output']>;
  readonly views: Maybe<Scalars['Int']['output']>;
};

export type OrganisationViews = {
  readonly organisation: Organisation;
  readonly region: Maybe<Scalars['RegionCode']['output']>;
  readonly views: Maybe<Scalars['Int']['output']>;
};

export type RoleViews = {
  readonly role: Coding;
  readonly views: Maybe<Scalars['Int']['output']>;
};

export type ViewOutcome = {
  readonly status: RegionStatus;
  readonly decision: Maybe<ConsentCode>;
  readonly count: Maybe<Scalars['Int']['output']>;
};

export type UtilisationTrends = {
  readonly weeks: UtilisationTrend;
  readonly months: UtilisationTrend;
};

export type UtilisationTrend = {
  readonly periods: ReadonlyArray<PeriodCount>;
  readonly known: Scalars['Int']['output'];
  readonly total: Maybe<Scalars['Int']['output']>;
  readonly mean: Maybe<Scalars['Int']['output']>;
};

export type PeriodCount = {
  readonly period: Scalars['String']['output'];
  readonly count: Maybe<Scalars['Int']['output']>;
};

export type ProgrammeFigure = {
  readonly region: Scalars['ID']['output'];
  readonly applicationName: Scalars['String']['output'];
  readonly measure: ProgrammeMeasure;
  readonly dates: Scalars['String']['output'];
  readonly count: Scalars['Int']['output'];
  readonly mean: Maybe<Scalars['Int']['output']>;
  readonly source: Scalars['String']['output'];
};

export type ProgrammeMeasure =
  | 'DOCUMENTS'
  | 'VIEWS';
