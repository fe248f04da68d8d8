import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import type { PublishedItem, PublishedPatient } from '../../store/record-store.ts'
import { toPerson } from '../actors/to-author.ts'
import { toEmployer, toSourceOrganisation } from '../actors/to-employer.ts'
import { toOrganisation } from '../actors/to-organisation.ts'
import { address, toMainAddress } from '../datatypes/address.ts'
import { codeableConcept, toFirstConcept } from '../datatypes/concept.ts'
import { contactPoint, toTelecom } from '../datatypes/contact-point.ts'
import { findExtension, toExtensionCode } from '../datatypes/extension.ts'
import { humanName, toHumanName, toMainName } from '../datatypes/human-name.ts'
import { nhsNumberSystem, toBusinessIdentifier, toIdentifier } from '../datatypes/identifier.ts'
import { toLabels } from '../datatypes/labels.ts'
import { toVersion } from '../datatypes/meta.ts'
import { boolean, code, dateTime, list } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type PatientEntry, type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toItem } from '../to-item.ts'

const contact = z.object(
  {
    relationship: list(codeableConcept),
    name: humanName.optional(),
    telecom: list(contactPoint),
    organization: reference.optional(),
  },
  'Patient.contact',
)

const schema = z.object(
  {
    ...resourceShape,
    name: list(humanName),
    telecom: list(contactPoint),
    gender: code.optional(),
    birthDate: dateTime.optional(),
    deceasedBoolean: boolean.optional(),
    deceasedDateTime: dateTime.optional(),
    address: list(address),
    contact: list(contact),
    generalPractitioner: list(reference),
    managingOrganization: reference.optional(),
    link: list(z.object({ type: code.optional(), other: reference.optional() }, 'Patient.link')),
  },
  'Patient',
)
type Patient = z.infer<typeof schema>

const genders: Readonly<Record<string, Region.Gender>> = { female: 'FEMALE', male: 'MALE', other: 'OTHER' }

/** The demographic record, and the contacts that it names. */
export const patient: ResourceDefinition<Patient> = {
  type: 'Patient',
  schema,
  map: (resource, entry) => ({
    patients: [toPatient(resource, entry)],
    items: [...toContacts(resource, entry), ...toGeneralPractitioners(resource, entry)],
  }),
}

function toPatient(resource: Patient, entry: PatientEntry): PublishedPatient {
  const { identifier: identifiers = [], meta, gender, birthDate, deceasedBoolean, deceasedDateTime } = resource
  const nhsIdentifier = identifiers.find((one) => one.system === nhsNumberSystem && one.use !== 'old')
  const labels = toLabels(meta?.security)
  const identifier = toBusinessIdentifier(identifiers, entry.fullUrl)
  return {
    entry: entry.index,
    nhsNumber: entry.nhsNumber,
    verification: toExtensionCode(findExtension(nhsIdentifier?.extension, 'NHSNumberVerificationStatus')) ?? '01',
    supersedes: toSuperseded(resource, entry),
    sensitive: labels.includes('R') || labels.includes('V'),
    localIdentifiers: identifiers.flatMap((one) => (one.system === nhsNumberSystem ? [] : (toIdentifier(one) ?? []))),
    fields: {
      name: toMainName(resource.name),
      birthDate: birthDate ?? null,
      deceased: deceasedBoolean ?? deceasedDateTime !== undefined,
      deceasedAt: deceasedDateTime ?? null,
      gender: gender === undefined ? null : (genders[gender] ?? 'UNKNOWN'),
      address: toMainAddress(resource.address),
      telecom: toTelecom(resource.telecom),
      gpPractice: toPractice(resource, entry),
      // When re-numbered, the number that was published stands nowhere.
      identifier:
        identifier?.system === nhsNumberSystem ? { system: nhsNumberSystem, value: entry.nhsNumber } : identifier,
      version: toVersion(meta),
      lastUpdated: meta?.lastUpdated ?? null,
      organisation: toSourceOrganisation([resource.managingOrganization], entry, entry.publisher),
    },
  }
}

function toSuperseded({ identifier = [], link = [] }: Patient, entry: PatientEntry): readonly string[] {
  const old = identifier.flatMap((one) => (one.use === 'old' ? { identifier: one } : []))
  const replaced = link.flatMap(({ type, other }) => (type === 'replaces' && other ? other : []))
  const numbers = [...old, ...replaced].flatMap((one) => entry.toEarlierNumber(one) ?? [])
  return [...new Set(numbers)].filter((one) => one !== entry.nhsNumber)
}

function toPractice({ generalPractitioner = [] }: Patient, entry: PatientEntry): Region.Organisation | null {
  const practices = generalPractitioner.flatMap((one) => toEmployer(one, entry) ?? [])
  return practices.find((one) => one.odsCode !== null) ?? practices[0] ?? null
}

/** Contacts have no identifiers: what is known of them is their place in the patient's record. */
function toContacts(resource: Patient, entry: PatientEntry): readonly PublishedItem[] {
  return (resource.contact ?? []).map(({ relationship, name, telecom, organization }, index) =>
    toItem(resource, entry, {
      section: 'contacts',
      part: `#contact${index}`,
      identified: false,
      orderedBy: [],
      sources: [resource.managingOrganization],
      fields: {
        name: toHumanName(name)?.full ?? null,
        relationship: toFirstConcept(relationship),
        professional: !name && organization !== undefined,
        worksFor: toOrganisation(organization, entry),
        telecom: toTelecom(telecom),
      },
    }),
  )
}

function toGeneralPractitioners(resource: Patient, entry: PatientEntry): readonly PublishedItem[] {
  return (resource.generalPractitioner ?? []).flatMap((one, index) => {
    const { name, organisation } = toPerson(one, entry)
    if (name === null && organisation === null) return []
    return toItem(resource, entry, {
      section: 'contacts',
      part: `#generalPractitioner${index}`,
      identified: false,
      orderedBy: [],
      sources: [resource.managingOrganization],
      fields: {
        name: name ?? organisation?.name ?? null,
        relationship: { text: 'General practitioner', codings: [] },
        professional: true,
        worksFor: organisation,
        telecom: [],
      },
    })
  })
}
