import type { ResourceDefinition } from '../resource-definition.ts'
import { allergyIntolerance } from './allergy-intolerance.ts'
import { appointment } from './appointment.ts'
import { binary } from './binary.ts'
import { carePlan } from './care-plan.ts'
import { condition } from './condition.ts'
import { consent } from './consent.ts'
import { diagnosticReport } from './diagnostic-report.ts'
import { documentReference } from './document-reference.ts'
import { encounter } from './encounter.ts'
import { flag } from './flag.ts'
import { immunization } from './immunization.ts'
import { location } from './location.ts'
import { medication } from './medication.ts'
import { medicationRequest } from './medication-request.ts'
import { medicationStatement } from './medication-statement.ts'
import { observation } from './observation.ts'
import { organization } from './organization.ts'
import { patient } from './patient.ts'
import { practitioner } from './practitioner.ts'
import { practitionerRole } from './practitioner-role.ts'
import { procedure } from './procedure.ts'
import { relatedPerson } from './related-person.ts'
import { serviceRequest } from './service-request.ts'

const definitions: readonly ResourceDefinition[] = [
  patient,
  relatedPerson,
  allergyIntolerance,
  condition,
  medicationRequest,
  medicationStatement,
  medication,
  immunization,
  procedure,
  observation,
  diagnosticReport,
  encounter,
  appointment,
  carePlan,
  flag,
  documentReference,
  binary,
  consent,
  serviceRequest,
  organization,
  practitioner,
  practitionerRole,
  location,
]

/** The types of resource that are understood, by name. */
export const supportedResources: ReadonlyMap<string, ResourceDefinition> = new Map(
  definitions.map((one) => [one.type, one]),
)
