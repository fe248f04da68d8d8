import { type Concept, hl7, snomed } from './concept.ts'
import { itemResource } from './item-resource.ts'
import type { Moment } from './moment.ts'
import type { Item, ItemOptions } from './resource.ts'

export interface AllergyOptions extends ItemOptions {
  readonly recorded?: Moment
  readonly onset?: Moment
  /** @default ['medication'] */
  readonly category?: readonly ('food' | 'medication' | 'environment' | 'biologic')[]
  readonly criticality?: 'low' | 'high' | 'unable-to-assess'
  readonly reaction?: { readonly manifestation: Concept; readonly severity: 'mild' | 'moderate' | 'severe' }
  /** @default 'active' */
  readonly status?: 'active' | 'inactive' | 'resolved'
  /** @default 'confirmed' */
  readonly verification?: 'confirmed' | 'unconfirmed'
}

/** An allergy or intolerance, as UK Core AllergyIntolerance. */
export function allergy(substance: Concept, options: AllergyOptions = {}): Item {
  const {
    recorded,
    onset,
    category = ['medication'],
    criticality,
    reaction,
    status = 'active',
    verification = 'confirmed',
  } = options
  return (context) => [
    itemResource(context, { resourceType: 'AllergyIntolerance', about: substance.text, when: recorded }, options, {
      clinicalStatus: hl7('allergyintolerance-clinical', status),
      verificationStatus: hl7('allergyintolerance-verification', verification),
      type: 'allergy',
      category,
      criticality,
      code: substance,
      onsetDateTime: onset && context.calendar.toFhir(onset),
      recordedDate: recorded && context.calendar.toFhir(recorded),
      reaction: reaction && [{ manifestation: [reaction.manifestation], severity: reaction.severity }],
    }),
  ]
}

/** The assertion that no allergy is known, as SNOMED CT 716186003. */
export function noKnownAllergy(recorded: Moment, options: ItemOptions = {}): Item {
  const code = snomed('716186003', 'No known allergy')
  return (context) => [
    itemResource(context, { resourceType: 'AllergyIntolerance', about: code.text, when: recorded }, options, {
      clinicalStatus: hl7('allergyintolerance-clinical', 'active'),
      verificationStatus: hl7('allergyintolerance-verification', 'confirmed'),
      code,
      recordedDate: context.calendar.toFhir(recorded),
    }),
  ]
}
