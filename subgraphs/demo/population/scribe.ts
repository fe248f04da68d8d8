import type * as Region from '../../../schema/generated/region.ts'
import type { SectionField } from '../../../schema/sections.ts'
import type { ItemFields, Lifecycle, PublishedItem } from '../../store/record-store.ts'
import type { Organisation } from '../vocabulary/organisation.ts'
import { identifierSystem } from '../vocabulary/resource.ts'
import type { Moment } from './days.ts'

export interface ItemParts<S extends SectionField> {
  readonly resourceType: string
  readonly organisation: Organisation
  /** Null where undated. */
  readonly on: Moment | null
  readonly fields: ItemFields<S>
  /** @default current */
  readonly lifecycle?: Lifecycle
  /** @default [] */
  readonly labels?: readonly string[]
  /** @default [] */
  readonly replaces?: readonly Region.Identifier[]
  /** Has a business identifier. @default true */
  readonly identified?: boolean
}

export interface ScribeOptions {
  readonly nhsNumber: string
  readonly ordinal: number
  /** Who gives the accession numbers: what two scribes of one series write of a person, in one order, is the same. */
  readonly series: string
  /** When it was written at the latest: what is undated or to come, then. */
  readonly writtenMs: number
  /** Where the items go. */
  readonly items: PublishedItem[]
}

/** Writes a person's items with the next accession number of its series, which is unique in the population. */
export class Scribe {
  readonly #options: ScribeOptions
  readonly #prefix: string
  #count = 0

  constructor(options: ScribeOptions) {
    this.#options = options
    this.#prefix = `${options.series}${String(options.ordinal).padStart(7, '0')}-`
  }

  write<S extends SectionField>(section: S, parts: ItemParts<S>): PublishedItem<S> {
    const {
      resourceType,
      organisation,
      on,
      fields,
      lifecycle = 'current',
      labels = [],
      replaces = [],
      identified = true,
    } = parts
    const { nhsNumber, writtenMs, items } = this.#options
    const resourceId = this.#prefix + ++this.#count
    const item: PublishedItem<S> = {
      section,
      resourceType,
      // After the demographic record.
      entry: items.length + 1,
      nhsNumber,
      identifier: identified ? { system: identifierSystem(organisation), value: resourceId } : null,
      resourceId,
      version: null,
      lastUpdated: new Date(on === null ? writtenMs : Math.min(on.ms, writtenMs)).toISOString(),
      organisation,
      lifecycle,
      orderedAtMs: on === null ? null : on.ms,
      labels,
      replaces,
      basedOn: [],
      fields,
    }
    items.push(item)
    return item
  }
}
