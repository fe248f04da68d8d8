/** A region's part, a section and an item, as the mixed run asks for them. */
export interface MixedView {
  readonly askedNhsNumber: string
  readonly nhsNumber: string
  readonly presence: string
  readonly completeness: {
    readonly complete: boolean
    readonly message: string
    readonly regions: readonly MixedRegion[]
  }
  readonly demographics: {
    readonly name: { readonly full: string } | null
    readonly birthDate: string | null
    readonly sources: readonly MixedSource[]
  } | null
  readonly allergies: MixedSection
  readonly problems: MixedSection
  readonly medications: MixedSection
  readonly results: MixedSection
  readonly encounters: MixedSection
  readonly documents: MixedSection
}

export interface MixedRegion {
  readonly region: { readonly code: string; readonly applicationName: string }
  readonly status: string
  readonly message: string
  readonly asOf: string | null
}

export interface MixedSection {
  readonly complete: boolean
  readonly message: string
  readonly answers: readonly {
    readonly region: string
    readonly answer: string
    readonly withheld: boolean
    readonly truncated: boolean
  }[]
  readonly nodes: readonly MixedItem[]
}

export interface MixedItem {
  readonly id: string
  /** When it was, in the sections that are in order of that. */
  readonly at?: string | null
  readonly sources: readonly MixedSource[]
}

export interface MixedSource {
  readonly region: string
  readonly recordedAt: string | null
}

export const mixedSections = ['allergies', 'problems', 'medications', 'results', 'encounters', 'documents'] as const

/** What the mixed run asks of a patient. */
export const mixedFragment = `fragment View on Patient {
  askedNhsNumber nhsNumber presence
  completeness { complete message regions { region { code applicationName } status message asOf } }
  demographics { name { full } birthDate sources { region recordedAt } }
  allergies { ...Answers nodes { ...Shown } } problems { ...Answers nodes { ...Shown } } medications(all: true) { ...Answers nodes { ...Shown } }
  results(first: 25, filter: { all: true }) { ...Answers nodes { ...Shown at: effective } }
  encounters(first: 25, filter: { all: true }) { ...Answers nodes { ...Shown at: start } }
  documents(first: 25) { ...Answers nodes { ...Shown } }
}
fragment Answers on Section { complete message answers { region answer withheld truncated } }
fragment Shown on Item { id possibleDuplicates retractedElsewhere { region } conflicts { field } sources { region recordedAt organisation { odsCode } identifier { system value } } }`
