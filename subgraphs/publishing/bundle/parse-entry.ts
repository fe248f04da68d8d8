import type { FaultList } from '../fault-list.ts'
import type { Resource, ResourceDefinition } from '../resource-definition.ts'
import { describe, toFaults } from '../to-faults.ts'
import type { RawEntry } from './read-bundle.ts'

/** A resource of an understood type; null where it is faulty. */
export interface ParsedResource {
  readonly definition: ResourceDefinition
  readonly resource: Resource | null
}

/** An entry with its resource checked; `parsed` is null for types that are not understood. */
export interface ParsedEntry extends RawEntry {
  readonly parsed: ParsedResource | null
  /** The contained resources of understood types, by id. */
  readonly contained: ReadonlyMap<string, ParsedResource>
}

/** Checks an entry's resource by its type's definition, and those it contains. */
export function parseEntry(
  entry: RawEntry,
  definitions: ReadonlyMap<string, ResourceDefinition>,
  faults: FaultList,
): ParsedEntry {
  const definition = definitions.get(entry.resourceType)
  if (!definition) return { ...entry, parsed: null, contained: new Map() }
  const parsed = parseResource(entry.index, entry.resource, definition, '', faults)
  const contained = new Map<string, ParsedResource>()
  const raw: unknown = entry.resource.contained ?? []
  if (!Array.isArray(raw))
    faults.add({
      entry: entry.index,
      path: 'contained',
      code: 'structure',
      fault: `expected array, found ${describe(raw)}`,
    })
  else {
    for (const [index, resource] of raw.entries() as IterableIterator<[number, unknown]>) {
      if (!isContained(resource)) continue
      const containedDefinition = definitions.get(resource.resourceType)
      if (containedDefinition)
        contained.set(
          resource.id,
          parseResource(entry.index, resource, containedDefinition, `contained[${index}].`, faults),
        )
    }
  }
  return { ...entry, parsed, contained }
}

function parseResource(
  entry: number,
  raw: Readonly<Record<string, unknown>>,
  definition: ResourceDefinition,
  prefix: string,
  faults: FaultList,
): ParsedResource {
  // FHIR R4, Extensibility and Resource.implicitRules: what may change a resource's meaning must be understood, or the
  // resource refused.
  const changes = ['modifierExtension', 'implicitRules'].filter((element) => raw[element] !== undefined)
  faults.add(
    ...changes.map((element) => ({
      entry,
      path: prefix + element,
      code: 'not-supported',
      fault: `expected nothing, found ${describe(raw[element])}`,
    })),
  )
  const result = definition.schema.safeParse(raw)
  // One by one: a call bears some hundred thousand arguments.
  for (const fault of result.success ? [] : toFaults(entry, result.error.issues, raw, prefix)) faults.add(fault)
  return { definition, resource: result.success && changes.length === 0 ? result.data : null }
}

function isContained(
  value: unknown,
): value is Readonly<Record<string, unknown>> & { readonly id: string; readonly resourceType: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'id' in value &&
    typeof value.id === 'string' &&
    'resourceType' in value &&
    typeof value.resourceType === 'string'
  )
}
