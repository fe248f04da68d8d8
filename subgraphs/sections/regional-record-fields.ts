import { Kind, parse } from 'graphql'
import { StartupError } from '../../schema/service/startup-error.ts'
import type { ReleasedRecord } from '../release/released-record.ts'
import { readListSection } from './list-sections.ts'

/** Resolves one field of the SDL's type Record. */
export type RecordResolver = (record: ReleasedRecord) => unknown

/** The fields that a region's SDL may add to Record: a region that declares one serves it, without code of its own. */
const regionalFields: Readonly<Record<string, RecordResolver>> = { organisationOptOuts, regionOptOut, socialCarePlans }

/**
 * The resolvers of the fields by which a region's SDL extends Record. Throws StartupError where a field has no
 * resolver.
 */
export function toRegionalResolvers(sdl: string, slug: string): Readonly<Record<string, RecordResolver>> {
  const names = parse(sdl).definitions.flatMap((definition) =>
    definition.kind === Kind.OBJECT_TYPE_EXTENSION && definition.name.value === 'Record'
      ? (definition.fields ?? []).map(({ name }) => name.value)
      : [],
  )
  return Object.fromEntries(
    names.map((name) => {
      const resolver = Object.hasOwn(regionalFields, name) ? regionalFields[name] : undefined
      if (resolver) return [name, resolver]
      const known = Object.keys(regionalFields).join(', ')
      throw new StartupError(`The SDL of ${slug}: expected Record to be extended by ${known} only, found ${name}`)
    }),
  )
}

/**
 * The organisations whose items the patient does not share; empty where the viewer may not see label R, or the patient
 * is flagged sensitive.
 */
function organisationOptOuts({ patient, items }: ReleasedRecord) {
  if (patient.sensitive || items.decideClass({ section: 'demographics', labels: ['R'] }) !== 'release') return []
  return patient.optOuts.flatMap(({ organisation }) => (organisation === null ? [] : [organisation]))
}

/**
 * Whether the patient opted out of the whole region; false to viewers who may not see label R. Broken glass shows the
 * record in spite of it.
 */
function regionOptOut({ patient, items }: ReleasedRecord): boolean {
  return (
    items.decideClass({ section: 'demographics', labels: ['R'] }) === 'release' &&
    patient.optOuts.some(({ organisation }) => organisation === null)
  )
}

/** The care plans of local authorities, whose ODS codes are three digits. */
async function socialCarePlans(record: ReleasedRecord) {
  const { nodes } = await readListSection(record, 'carePlans')
  return nodes.filter(({ organisation }) => /^\d{3}$/.test(organisation?.odsCode ?? ''))
}
