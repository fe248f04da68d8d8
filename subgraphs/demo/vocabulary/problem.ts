import { type Concept, hl7 } from './concept.ts'
import { itemResource } from './item-resource.ts'
import type { Moment } from './moment.ts'
import type { Item, ItemOptions } from './resource.ts'

export interface ProblemOptions extends ItemOptions {
  readonly onset?: Moment
  readonly abatement?: Moment
  readonly recorded?: Moment
  /** @default 'active' */
  readonly status?: 'active' | 'recurrence' | 'relapse' | 'inactive' | 'remission' | 'resolved'
  /** @default 'confirmed' */
  readonly verification?: 'confirmed' | 'unconfirmed' | 'provisional' | 'differential'
  /** A problem of the list, or the diagnosis of one encounter. @default 'problem-list-item' */
  readonly category?: 'problem-list-item' | 'encounter-diagnosis'
}

/** A problem or diagnosis, as UK Core Condition. */
export function problem(code: Concept, options: ProblemOptions = {}): Item {
  const {
    onset,
    abatement,
    recorded,
    status = 'active',
    verification = 'confirmed',
    category = 'problem-list-item',
  } = options
  return (context) => [
    itemResource(context, { resourceType: 'Condition', about: code.text, when: recorded ?? onset }, options, {
      clinicalStatus: hl7('condition-clinical', status),
      verificationStatus: hl7('condition-ver-status', verification),
      category: [hl7('condition-category', category)],
      code,
      onsetDateTime: onset && context.calendar.toFhir(onset),
      abatementDateTime: abatement && context.calendar.toFhir(abatement),
      recordedDate: recorded && context.calendar.toFhir(recorded),
    }),
  ]
}
