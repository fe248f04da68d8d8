import { z } from 'zod'
import type { PublishedReferral } from '../../store/record-store.ts'
import { toEmployer } from '../actors/to-employer.ts'
import { toBusinessIdentifier } from '../datatypes/identifier.ts'
import { code, dateTime, list } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type PatientEntry, type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toResourceId } from '../to-item.ts'

const schema = z.object(
  {
    ...resourceShape,
    status: code,
    intent: code,
    // A request not to see the patient is no relationship, and the contract has no word for it.
    doNotPerform: z.literal(false, 'false').optional(),
    subject: reference.optional(),
    authoredOn: dateTime.optional(),
    performer: list(reference),
  },
  'ServiceRequest',
)
type ServiceRequest = z.infer<typeof schema>

/** FHIR's request-status: those of a request that was made, whether or not it is done by now. */
const made = new Set(['active', 'on-hold', 'completed'])
/** FHIR's request-intent: those that authorise nobody to act. */
const unauthorised = new Set(['proposal', 'plan', 'option'])

/**
 * A referral to each performer that is an organisation, or somebody or somewhere of one; of no other is anything
 * published.
 */
export const serviceRequest: ResourceDefinition<ServiceRequest> = {
  type: 'ServiceRequest',
  schema,
  toSubjects: ({ subject }) => [{ reference: subject, path: 'subject' }],
  map(resource, entry) {
    const performers = (resource.performer ?? []).flatMap((performer) => toEmployer(performer, entry)?.odsCode ?? [])
    return {
      referrals: [...new Set(performers)].map((organisation, index) =>
        toReferral(resource, entry, organisation, index === 0 ? '' : `#performer${index}`),
      ),
    }
  },
}

function toReferral(
  resource: ServiceRequest,
  entry: PatientEntry,
  organisation: string,
  part: string,
): PublishedReferral {
  const identifier = toBusinessIdentifier(resource.identifier, entry.fullUrl)
  return {
    entry: entry.index,
    nhsNumber: entry.nhsNumber,
    identifier: identifier && { ...identifier, value: identifier.value + part },
    resourceId: toResourceId(resource, entry) + part,
    lastUpdated: resource.meta?.lastUpdated ?? null,
    active: made.has(resource.status) && !unauthorised.has(resource.intent),
    organisation,
    authoredOn: resource.authoredOn ?? null,
  }
}
