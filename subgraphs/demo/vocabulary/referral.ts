import { itemResource } from './item-resource.ts'
import type { Moment } from './moment.ts'
import type { Organisation } from './organisation.ts'
import { type Item, organisationReference } from './resource.ts'

/**
 * A referral to another organisation, as UK Core ServiceRequest: that organisation's relationship with the patient, and
 * nothing to see.
 */
export function referral(to: Organisation, authored: Moment): Item {
  return (context) => [
    itemResource(
      context,
      { resourceType: 'ServiceRequest', about: to.odsCode, when: authored },
      {},
      {
        status: 'active',
        intent: 'order',
        authoredOn: context.calendar.toFhir(authored),
        requester: organisationReference(context.organisation),
        performer: [organisationReference(to)],
      },
    ),
  ]
}
