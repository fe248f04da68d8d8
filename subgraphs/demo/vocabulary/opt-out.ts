import { hl7 } from './concept.ts'
import { itemResource } from './item-resource.ts'
import type { Moment } from './moment.ts'
import type { Organisation } from './organisation.ts'
import { type Item, type ItemOptions, organisationReference } from './resource.ts'

/** The patient's refusal to share, as FHIR Consent: all of it, or what one organisation holds. */
export function optOut(recorded: Moment, of: Organisation | 'everything', options: ItemOptions = {}): Item {
  return (context) => [
    itemResource(
      context,
      { resourceType: 'Consent', about: of === 'everything' ? of : of.odsCode, when: recorded },
      options,
      {
        status: 'active',
        scope: hl7('consentscope', 'patient-privacy'),
        category: [{ coding: [{ system: 'http://loinc.org', code: '59284-0', display: 'Consent Document' }] }],
        dateTime: context.calendar.toFhir(recorded),
        organization: [organisationReference(context.organisation)],
        policyRule: hl7('v3-ActCode', 'OPTOUT'),
        provision: {
          type: 'deny',
          actor:
            of === 'everything'
              ? undefined
              : [{ role: hl7('v3-ParticipationType', 'CST'), reference: organisationReference(of) }],
        },
      },
    ),
  ]
}
