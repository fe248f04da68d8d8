import type { AccessContext } from '../../schema/assertion.ts'
import type { SectionField } from '../../schema/sections.ts'

/** One section instance that a client selected. The same field with other arguments is another instance. */
export interface SectionRequest {
  /** `s0`, `s1`, ... by its index among the request's sections. */
  readonly alias: string
  /** A field of Patient and of the regions' Record. */
  readonly field: SectionField | 'demographics'
  readonly args: Readonly<Record<string, unknown>>
  /**
   * Paths of the item fields that are needed, such as `type.codings.code`; a path that ends at an object means all of
   * it. Null: all fields.
   */
  readonly fields: readonly string[] | null
  /** The cursor position in each region, by RegionCode, for later pages of a timeline. */
  readonly after: ReadonlyMap<string, string>
}

/** The client's own selections on `records` in each region's terms, with the types and values of their variables. */
export interface RecordsRequest {
  readonly regions: ReadonlyMap<
    string,
    {
      readonly text: string
      readonly types: ReadonlyMap<string, string>
      readonly values: Readonly<Record<string, unknown>>
    }
  >
  /** For each regional field with arguments, by its alias, the response path of its `records` field. */
  readonly paths: ReadonlyMap<string, readonly (string | number)[]>
}

/** One root field's request to a region for patients' records. */
export interface ViewRequest {
  readonly nhsNumbers: readonly string[]
  readonly context: AccessContext
  readonly sections: readonly SectionRequest[]
  readonly records: RecordsRequest | null
  /** Whether the region must read its store now. */
  readonly noCache: boolean
}
