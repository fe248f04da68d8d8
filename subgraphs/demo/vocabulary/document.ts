import { type Clinician, clinicianResources } from './clinician.ts'
import type { Concept } from './concept.ts'
import { snomed } from './concept.ts'
import type { Content } from './content.ts'
import { itemId, itemResource } from './item-resource.ts'
import type { RelativeMoment } from './moment.ts'
import type { Organisation } from './organisation.ts'
import { type Item, identifierSystem, organisationReference, referenceTo } from './resource.ts'

export interface DocumentOptions {
  readonly key: string
  readonly updatedDaysAgo?: number
  readonly type: Concept
  /** @default clinical note */
  readonly category?: Concept
  readonly created: RelativeMoment
  readonly content: Content
  readonly author?: Clinician
  /** @default 'current' */
  readonly status?: 'current' | 'superseded'
  /** @default 'N' */
  readonly confidentiality?: 'N' | 'R' | 'V'
  readonly specialty?: Concept
  /** The document, of any organisation, whose place this one takes. */
  readonly replaces?: { readonly organisation: Organisation; readonly key: string }
  /** Where the bytes are: in the reference, or in a Binary beside it. @default 'inline' */
  readonly held?: 'inline' | 'binary'
}

/** A document with its content, as UK Core DocumentReference. */
export function document(title: string, options: DocumentOptions): Item {
  const {
    category = snomed('823651000000106', 'Clinical note'),
    content,
    author,
    specialty,
    replaces,
    status = 'current',
    confidentiality = 'N',
  } = options
  return (context) => {
    const created = context.calendar.toFhir(options.created)
    const authors = author === undefined ? [] : clinicianResources(context, author)
    const binary =
      options.held === 'binary'
        ? [
            {
              resourceType: 'Binary',
              id: itemId(context, 'Binary', options.key),
              contentType: content.contentType,
              data: content.bytes.toString('base64'),
            },
          ]
        : []
    const [held] = binary
    const reference = itemResource(
      context,
      { resourceType: 'DocumentReference', about: title, when: options.created },
      options,
      {
        status,
        docStatus: 'final',
        type: options.type,
        category: [category],
        date: options.created.at === undefined ? context.calendar.toInstant(options.created.daysAgo) : created,
        author: authors.length > 0 ? authors.slice(-1).map(referenceTo) : [organisationReference(context.organisation)],
        custodian: organisationReference(context.organisation),
        relatesTo: replaces && [{ code: 'replaces', target: { identifier: identifierOfDocument(replaces) } }],
        description: title,
        securityLabel: [
          { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality', code: confidentiality }] },
        ],
        content: [
          {
            attachment: {
              contentType: content.contentType,
              language: 'en-GB',
              ...(held ? { url: `urn:uuid:${held.id}` } : { data: content.bytes.toString('base64') }),
              size: content.bytes.length,
              title,
              creation: created,
            },
          },
        ],
        context: { period: { start: created }, practiceSetting: specialty },
      },
    )
    return [...authors, ...binary, reference]

    function identifierOfDocument(target: { readonly organisation: Organisation; readonly key: string }) {
      return {
        system: identifierSystem(target.organisation),
        value: itemId({ ...context, organisation: target.organisation }, 'DocumentReference', target.key),
      }
    }
  }
}
