import { createHash } from 'node:crypto'
import type * as Region from '../../../schema/generated/region.ts'
import type { FaultList } from '../fault-list.ts'
import type { MappedResource, PatientEntry, Resource, ResourceDefinition } from '../resource-definition.ts'
import type { BundleIndex } from './bundle-index.ts'
import type { ParsedEntry } from './parse-entry.ts'
import type { PatientNumbers } from './patient-numbers.ts'

export interface MapEntryOptions {
  readonly index: BundleIndex
  readonly numbers: PatientNumbers
  readonly publisher: Region.Organisation
  readonly faults: FaultList
  /** Whether an entry whose patient is faulty is told so itself, as it must be where entries stand alone. */
  readonly entriesStandAlone: boolean
}

/** What an entry publishes; nothing where it is only referred to, or faulty. */
export function mapEntry(entry: ParsedEntry, options: MapEntryOptions): MappedResource {
  const { definition, resource } = entry.parsed ?? {}
  if (!definition?.map || !resource) return {}
  const nhsNumber = definition.toSubjects
    ? findPatient(entry, definition, resource, options)
    : options.numbers.findForPatient(entry)
  return nhsNumber === null ? {} : definition.map(resource, toPatientEntry(entry, nhsNumber, options))
}

function findPatient(
  entry: ParsedEntry,
  definition: ResourceDefinition,
  resource: Resource,
  { numbers, faults, entriesStandAlone }: MapEntryOptions,
): string | null {
  const subjects = definition.toSubjects?.(resource) ?? []
  const answer = numbers.findForSubjects(subjects, entry)
  if (typeof answer !== 'string') return answer.nhsNumber
  const path = subjects[0]?.path ?? ''
  const referred = subjects.some(({ reference }) => reference !== undefined)
  if (answer === 'none') {
    const found = referred ? 'a reference to neither' : 'nothing'
    faults.add({
      entry: entry.index,
      path,
      code: referred ? 'not-found' : 'required',
      fault: `expected a reference to a Patient of the Bundle or by valid NHS number, found ${found}`,
    })
  } else if (answer === 'contradictory') {
    faults.add({
      entry: entry.index,
      path,
      code: 'invariant',
      fault: 'expected one patient, found a reference to one and the NHS number of another',
    })
  } else if (entriesStandAlone) {
    faults.add({
      entry: entry.index,
      path,
      code: 'not-found',
      fault: 'expected a reference to a patient, found one to a Patient that is refused',
    })
  }
  return null
}

function toPatientEntry(
  entry: ParsedEntry,
  nhsNumber: string,
  { index, numbers, publisher, faults }: MapEntryOptions,
): PatientEntry {
  return {
    ...index.toReferenceContext(entry),
    index: entry.index,
    resourceType: entry.resourceType,
    nhsNumber,
    toEarlierNumber: (reference) => numbers.findForEarlier(reference, entry),
    publisher,
    digest: once(() => createHash('sha256').update(JSON.stringify(entry.resource)).digest('base64url')),
    fault: (path, code, fault) => faults.add({ entry: entry.index, path, code, fault }),
  }
}

/** Each part of a resource asks for its digest. */
function once(make: () => string): () => string {
  let made: string | null = null
  return () => {
    made ??= make()
    return made
  }
}
