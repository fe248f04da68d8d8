import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import type { PublishedOptOut } from '../../store/record-store.ts'
import { hasUnreadCode, toOrganisation } from '../actors/to-organisation.ts'
import { codeableConcept, toCodes } from '../datatypes/concept.ts'
import { toBusinessIdentifier } from '../datatypes/identifier.ts'
import { code, dateTime, list } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type PatientEntry, type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toResourceId } from '../to-item.ts'

const schema = z.object(
  {
    ...resourceShape,
    status: code,
    scope: codeableConcept,
    patient: reference.optional(),
    dateTime: dateTime.optional(),
    policyRule: codeableConcept.optional(),
    provision: z
      .object(
        {
          type: code.optional(),
          actor: list(z.object({ reference: reference.optional() }, 'Consent.provision.actor')),
          provision: list(z.unknown()),
        },
        'Consent.provision',
      )
      .optional(),
  },
  'Consent',
)
type Consent = z.infer<typeof schema>

/**
 * A refusal to share with a region, or to share what an organisation publishes. What cannot be obeyed as it is said is
 * refused.
 */
export const consent: ResourceDefinition<Consent> = {
  type: 'Consent',
  schema,
  toSubjects: ({ patient }) => [{ reference: patient, path: 'patient' }],
  map(resource, entry) {
    const { status, scope, provision } = resource
    if (!toCodes(scope).includes('patient-privacy')) return {}
    const active = status === 'active' && isDenial(resource, entry)
    if (active && provision?.provision?.length)
      entry.fault('provision.provision', 'not-supported', 'expected one rule without exceptions, found array')
    const actors = provision?.actor ?? []
    const organisations =
      actors.length === 0 ? [null] : actors.flatMap((actor, index) => toRefused(actor, index, entry) ?? [])
    return {
      optOuts: organisations.map((organisation, index) =>
        toOptOut(resource, entry, active, organisation, organisations.length > 1 ? `#actor${index}` : ''),
      ),
    }
  },
}

function isDenial({ provision, policyRule }: Consent, entry: PatientEntry): boolean {
  const rules = toCodes(policyRule)
  if (provision?.type === 'deny') return true
  if (provision?.type === 'permit') {
    if (rules.includes('OPTOUT'))
      entry.fault('provision.type', 'not-supported', 'expected deny beside a policyRule OPTOUT, found permit')
    return false
  }
  if (rules.includes('OPTOUT')) return true
  if (rules.includes('OPTIN')) return false
  entry.fault(
    'provision.type',
    'not-supported',
    `expected deny or permit, found ${provision?.type === undefined ? 'nothing' : 'string of another form'}`,
  )
  return false
}

function toRefused(
  { reference }: { readonly reference?: z.infer<typeof schema>['patient'] },
  index: number,
  entry: PatientEntry,
): Region.Organisation | null {
  const organisation = toOrganisation(reference, entry)
  if (organisation && organisation.odsCode !== null) return organisation
  entry.fault(
    `provision.actor[${index}].reference`,
    'not-supported',
    `expected an organisation with an ODS code, found ${organisation && hasUnreadCode(organisation) ? 'text of another form' : 'none'}`,
  )
  return null
}

function toOptOut(
  resource: Consent,
  entry: PatientEntry,
  active: boolean,
  organisation: Region.Organisation | null,
  part: string,
): PublishedOptOut {
  const identifier = toBusinessIdentifier(resource.identifier, entry.fullUrl)
  return {
    entry: entry.index,
    nhsNumber: entry.nhsNumber,
    identifier: identifier && { ...identifier, value: identifier.value + part },
    resourceId: toResourceId(resource, entry) + part,
    lastUpdated: resource.meta?.lastUpdated ?? (resource.dateTime?.includes('T') ? resource.dateTime : null),
    active,
    organisation,
  }
}
