import { clinicianResources } from './clinician.ts'
import { coded, hl7 } from './concept.ts'
import type { Calendar } from './moment.ts'
import type { Identity } from './person.ts'
import {
  type ItemContext,
  mintUuid,
  nhsNumberSystem,
  organisationReference,
  type Resource,
  referenceTo,
} from './resource.ts'

/** The demographic record, as UK Core Patient; the patient comes last, after those it refers to. */
export function patientResources(context: ItemContext, identity: Identity): readonly Resource[] {
  const { calendar, nhsNumber } = context
  const [line, town, postcode] = identity.address
  const doctors = identity.gp === undefined ? [] : clinicianResources(context, identity.gp)
  const patient: Resource = {
    resourceType: 'Patient',
    id: mintUuid('Patient', nhsNumber),
    meta: {
      lastUpdated: calendar.toInstant(identity.updatedDaysAgo ?? 30),
      security: identity.sensitive
        ? [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: 'R', display: 'restricted' }]
        : undefined,
    },
    identifier: [nhsNumberIdentifier(nhsNumber, identity.verification ?? '01')],
    name: [
      {
        use: 'usual',
        text: `${identity.title} ${identity.given} ${identity.family}`,
        family: identity.family,
        given: identity.given.split(' '),
        prefix: [identity.title],
      },
    ],
    gender: identity.gender,
    birthDate: toBirthDate(identity.born, calendar),
    deceasedDateTime: identity.died && calendar.toFhir(identity.died),
    address: [{ use: 'home', line: [line], city: town, postalCode: postcode }],
    telecom: identity.phone && [{ system: 'phone', value: identity.phone, use: 'home' }],
    contact: identity.nextOfKin && [
      {
        relationship: [identity.nextOfKin.relationship, { ...hl7('v2-0131', 'N'), text: 'Next of kin' }],
        name: { text: identity.nextOfKin.name },
        telecom: [{ system: 'phone', value: identity.nextOfKin.phone, use: 'mobile' }],
      },
    ],
    generalPractitioner: [organisationReference(identity.practice), ...doctors.slice(-1).map(referenceTo)],
    managingOrganization: organisationReference(identity.practice),
    link: identity.supersedes && [
      {
        type: 'replaces',
        other: { type: 'Patient', identifier: { system: nhsNumberSystem, value: identity.supersedes } },
      },
    ],
  }
  return [...doctors, patient]
}

function nhsNumberIdentifier(value: string, verification: string) {
  return {
    system: nhsNumberSystem,
    value,
    extension: [
      {
        url: 'https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus',
        valueCodeableConcept: coded(
          'https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus',
          verification,
          verifications[verification] ?? verification,
        ),
      },
    ],
  }
}

const verifications: Readonly<Record<string, string>> = {
  '01': 'Number present and verified',
  '02': 'Number present but not traced',
  '03': 'Trace required',
  '04': 'Trace attempted - No match or multiple match found',
  '05': 'Trace needs to be resolved - (NHS Number or patient detail conflict)',
}

function toBirthDate(born: Identity['born'], calendar: Calendar): string {
  const isDayOfYear = typeof born === 'object' && 'yearsBefore' in born
  return isDayOfYear ? `${calendar.yearBefore(born.yearsBefore)}-${born.monthDay}` : calendar.toFhir(born)
}
