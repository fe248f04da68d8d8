import type { PublishedOptOut } from '../../store/record-store.ts'
import { identifierSystem } from '../vocabulary/resource.ts'
import type { PersonWriting } from './writing.ts'

/**
 * The person's refusals to share, as each region knows them: Lancashire & South Cumbria of everything, Cheshire &
 * Merseyside of what a hospital holds.
 */
export function toOptOuts(
  { outline, identity, region, place, days }: PersonWriting,
  entry: number,
): readonly PublishedOptOut[] {
  const { lancashire, organisation } = identity.optedOutOf
  if (region === 'lancashire-south-cumbria' ? !lancashire : !organisation) return []
  const resourceId = `optout-${String(outline.ordinal).padStart(7, '0')}`
  return [
    {
      entry,
      nhsNumber: outline.nhsNumber,
      identifier: {
        system: identifierSystem(identity.practice),
        value: `${resourceId}-${region === outline.home ? 1 : 2}`,
      },
      resourceId,
      lastUpdated: new Date(days.at(30, 720).ms).toISOString(),
      active: true,
      organisation: region === 'lancashire-south-cumbria' ? null : place.acute,
    },
  ]
}
