/** Answers as far as the queries of this folder ask; every one of them has these parts. */
export interface AnsweredItem {
  readonly id: string
  readonly sources: readonly {
    readonly region: string
    readonly organisation: unknown
    readonly identifier: { readonly value: string } | null
  }[]
  readonly possibleDuplicates: readonly string[]
  readonly conflicts: readonly { readonly values: readonly { readonly region: string }[] }[]
  readonly retractedElsewhere: { readonly region: string } | null
  readonly contentAnswer?: string
  readonly content?: { readonly sha256: string; readonly url: string } | null
}

export interface AnsweredSection {
  readonly complete: boolean
  readonly message: string
  readonly answers: readonly {
    readonly region: string
    readonly section: string
    readonly answer: string
    readonly withheld: boolean
    readonly truncated: boolean
  }[]
  readonly nodes: readonly AnsweredItem[]
  readonly pageInfo?: { readonly hasNextPage: boolean; readonly endCursor: string | null }
}

export interface AnsweredRegion {
  readonly region: { readonly code: string }
  readonly status: string
  readonly message: string
  readonly decision: {
    readonly code: string
    readonly grant: string | null
    readonly breakGlass: readonly { readonly barrier: string; readonly reasons: readonly string[] }[]
  } | null
}

export type AnsweredPatient = {
  readonly presence: string
  readonly completeness: {
    readonly complete: boolean
    readonly message: string
    readonly regions: readonly AnsweredRegion[]
  }
  readonly demographics?: {
    readonly name: { readonly full: string } | null
    readonly locationProtected: boolean
    readonly address: unknown
    readonly sources: readonly { readonly region: string }[]
  } | null
  readonly records?: readonly AnsweredRecord[]
} & { readonly [section: string]: unknown }

export type AnsweredRecord = {
  readonly region: { readonly code: string }
  readonly localIdentifiers: readonly unknown[]
  readonly organisationOptOuts?: readonly { readonly odsCode: string }[]
  readonly regionOptOut?: boolean
  readonly socialCarePlans?: readonly { readonly id: string }[]
} & { readonly [section: string]: unknown }

export interface AnsweredRecordSection {
  readonly answer: string
  readonly withheld: boolean
  readonly nodes: readonly { readonly id: string; readonly contentAnswer?: string }[]
}

export interface AnsweredDocument {
  readonly status: string
  readonly message: string
  readonly document: AnsweredItem | null
}
