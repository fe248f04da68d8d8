import { z } from 'zod'
import type * as Region from '../../schema/generated/region.ts'
import type {
  PublishedContent,
  PublishedItem,
  PublishedOptOut,
  PublishedPatient,
  PublishedReferral,
} from '../store/record-store.ts'
import { identifier } from './datatypes/identifier.ts'
import { meta } from './datatypes/meta.ts'
import { list, string } from './datatypes/primitives.ts'
import type { Reference } from './datatypes/reference.ts'

/** What every resource may have, as far as it is read. */
export const resourceShape = { id: string.optional(), meta: meta.optional(), identifier: list(identifier) }
const resource = z.object(resourceShape, 'Resource')
export type Resource = z.infer<typeof resource>

/** One understood type of resource: what of it is read, whom it concerns, and what it publishes. */
export interface ResourceDefinition<R extends Resource = Resource> {
  readonly type: string
  readonly schema: z.ZodType<R>
  /**
   * The references that may be to its patient: the first that is, counts. Absent for resources that are only referred
   * to, and for Patient.
   */
  toSubjects?(resource: R): readonly Subject[]
  /** Absent for resources that are only referred to. */
  map?(resource: R, entry: PatientEntry): MappedResource
}

export interface Subject {
  readonly reference: Reference | undefined
  /** Where it stands, for the fault when none of them is to a patient. */
  readonly path: string
}

/** What one entry publishes. */
export interface MappedResource {
  readonly patients?: readonly PublishedPatient[]
  readonly items?: readonly PublishedItem[]
  readonly optOuts?: readonly PublishedOptOut[]
  readonly referrals?: readonly PublishedReferral[]
  readonly contents?: readonly PublishedContent[]
}

/** Where a reference stands: a relative or contained one means something only there. */
export interface ReferenceContext {
  readonly fullUrl: string | null
  /**
   * The resource referred to, with its own place; null where it is not in the Bundle, is of another type, or is itself
   * faulty.
   */
  resolve<R extends Resource>(
    reference: Reference | undefined,
    definition: ResourceDefinition<R>,
  ): ResolvedResource<R> | null
  /**
   * The business identifier of what is referred to: in the Bundle, else by its identifier or its urn:uuid or urn:oid.
   */
  findIdentifier(reference: Reference): Region.Identifier | null
  /** The resources of the Bundle that refer to this place's entry by the references given of each. */
  findReferrers<R extends Resource>(
    definition: ResourceDefinition<R>,
    referencesOf: (resource: R) => readonly Reference[],
  ): readonly ResolvedResource<R>[]
}

export interface ResolvedResource<R extends Resource> {
  readonly resource: R
  readonly context: ReferenceContext
}

/** An entry whose patient is known: what a mapper may ask of the Bundle around it. */
export interface PatientEntry extends ReferenceContext {
  readonly index: number
  readonly resourceType: string
  readonly nhsNumber: string
  /** The NHS number of an earlier registration that a Patient names; null where it names none. */
  toEarlierNumber(reference: Reference): string | null
  /** Who publishes, where the resource names no organisation with an ODS code. */
  readonly publisher: Region.Organisation
  /** A digest of the resource as it came: tells it apart where it has neither id nor fullUrl. */
  readonly digest: () => string
  /** Refuses the entry; the text says what was expected and found, never a value. */
  fault(path: string, code: string, fault: string): void
}
