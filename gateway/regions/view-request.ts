import type { AccessContext } from '../../schema/assertion.ts'
import type { SectionField } from '../../schema/sections.ts'

/** One section instance that a client selected: the same field with other arguments is another. */
export interface SectionRequest {
  /** Its place among the ask's sections: s0, s1, ... */
  readonly alias: string
  /** Field of Patient, and of the regions' Record. */
  readonly field: SectionField | 'demographics'
  readonly args: Readonly<Record<string, unknown>>
  /** The fields of its items that are needed, as paths: `type.codings.code`; one that ends before the leaves is whole. Null: all. */
  readonly fields: readonly string[] | null
  /** For a timeline's later page: where each region stands, as a printed timeline position. */
  readonly after: ReadonlyMap<string, string>
}

/** The client's own selections on `records`, in each region's terms, with the variables of the text: their types and this request's values. */
export interface RecordsRequest {
  readonly regions: ReadonlyMap<
    string,
    {
      readonly text: string
      readonly types: ReadonlyMap<string, string>
      readonly values: Readonly<Record<string, unknown>>
    }
  >
  /** By the region's alias of a field that takes arguments, the response path of a `records` that it stands in. */
  readonly paths: ReadonlyMap<string, readonly (string | number)[]>
}

/** What one root field asks of a region. */
export interface ViewRequest {
  readonly nhsNumbers: readonly string[]
  readonly context: AccessContext
  readonly sections: readonly SectionRequest[]
  readonly records: RecordsRequest | null
  /** The region is to read its store now. */
  readonly noCache: boolean
}
