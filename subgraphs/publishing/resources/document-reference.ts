import { z } from 'zod'
import { toAuthor } from '../actors/to-author.ts'
import { toOrganisation } from '../actors/to-organisation.ts'
import { attachment } from '../datatypes/attachment.ts'
import { codeableConcept, concept, toConcept, toFirstConcept } from '../datatypes/concept.ts'
import { identifier } from '../datatypes/identifier.ts'
import { toConfidentiality, toLabels } from '../datatypes/labels.ts'
import { code, instant, labelList, list, string } from '../datatypes/primitives.ts'
import { reference } from '../datatypes/reference.ts'
import { type PatientEntry, type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toContent } from '../to-content.ts'
import { toItem } from '../to-item.ts'

const read = z.object(
  {
    ...resourceShape,
    masterIdentifier: identifier.optional(),
    status: code,
    type: concept,
    category: list(codeableConcept),
    subject: reference.optional(),
    date: instant.optional(),
    author: list(reference),
    custodian: reference.optional(),
    relatesTo: list(z.object({ code, target: reference }, 'DocumentReference.relatesTo')),
    description: string.optional(),
    securityLabel: labelList(codeableConcept),
    content: z.array(z.object({ attachment }, 'DocumentReference.content'), 'array').min(1, 'array of at least one'),
    context: z
      .object({ practiceSetting: codeableConcept.optional(), encounter: list(reference) }, 'DocumentReference.context')
      .optional(),
  },
  'DocumentReference',
)
const schema = read.transform(withMasterIdentifier)
type DocumentReference = z.infer<typeof schema>

/** A document, ordered by when it was created, else by when it was indexed. */
export const documentReference: ResourceDefinition<DocumentReference> = {
  type: 'DocumentReference',
  schema,
  toSubjects: ({ subject }) => [{ reference: subject, path: 'subject' }],
  map(resource, entry) {
    const { status, type, category, date, author = [], custodian, description, content, context } = resource
    const { attached, chosen } = findContent(resource, entry)
    const created = content[chosen]?.attachment.creation ?? null
    const security = [
      ...(resource.securityLabel ?? []).flatMap((label) => label.coding ?? []),
      ...(attached?.security ?? []),
    ]
    const replaces = toReplaced(resource, entry)
    const item = toItem(resource, entry, {
      section: 'documents',
      orderedBy: [created, date],
      sources: [custodian, ...author, ...(context?.encounter ?? [])],
      lifecycle: status === 'entered-in-error' ? 'retracted' : status === 'superseded' ? 'superseded' : 'current',
      security,
      replaces,
      fields: {
        title: content[chosen]?.attachment.title ?? description ?? type.text,
        type,
        category: toFirstConcept(category),
        status: status === 'superseded' ? 'SUPERSEDED' : 'CURRENT',
        created,
        indexed: date ?? null,
        author: toAuthor(author, entry),
        custodian: toOrganisation(custodian, entry),
        specialty: toConcept(context?.practiceSetting),
        confidentiality: toConfidentiality(toLabels(resource.meta?.security, security)),
        replaces,
        contentAnswer: attached ? 'AVAILABLE' : 'ABSENT',
        content: attached?.content ?? null,
      },
    })
    return { items: [item], contents: attached ? [attached.published] : [] }
  },
}

/** The first of the document's forms that has bytes here, else the first: forms are alternatives of one content. */
function findContent({ content }: DocumentReference, entry: PatientEntry) {
  for (const [chosen, { attachment }] of content.entries()) {
    const attached = toContent(attachment, entry, `content[${chosen}].attachment`)
    if (attached) return { attached, chosen }
  }
  return { attached: null, chosen: 0 }
}

/** What cannot be identified is a fault: a document that was replaced would go on being shown as current. */
function toReplaced({ relatesTo = [] }: DocumentReference, entry: PatientEntry) {
  return relatesTo.flatMap(({ code, target }, index) => {
    if (code !== 'replaces') return []
    const identifier = entry.findIdentifier(target)
    if (!identifier)
      entry.fault(
        `relatesTo[${index}].target`,
        'not-found',
        'expected a reference into the Bundle to what has an identifier, or by identifier, found neither',
      )
    return identifier ?? []
  })
}

/** XDS's identifier of the document stands apart from the others; it comes after them. */
function withMasterIdentifier(resource: z.infer<typeof read>): z.infer<typeof read> {
  const { identifier = [], masterIdentifier } = resource
  return masterIdentifier ? { ...resource, identifier: [...identifier, masterIdentifier] } : resource
}
