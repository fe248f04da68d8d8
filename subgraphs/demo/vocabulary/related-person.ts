import type { Concept } from './concept.ts'
import { itemResource } from './item-resource.ts'
import type { Item, ItemOptions } from './resource.ts'

/** Someone close to the patient, as UK Core RelatedPerson. */
export function relatedPerson(name: string, relationship: Concept, phone: string, options: ItemOptions = {}): Item {
  return (context) => [
    itemResource(context, { resourceType: 'RelatedPerson', about: name }, options, {
      active: true,
      relationship: [relationship],
      name: [{ text: name }],
      telecom: [{ system: 'phone', value: phone, use: 'mobile' }],
    }),
  ]
}
