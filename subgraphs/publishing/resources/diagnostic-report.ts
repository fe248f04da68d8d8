import { z } from 'zod'
import type * as Region from '../../../schema/generated/region.ts'
import type { PublishedContent, PublishedItem } from '../../store/record-store.ts'
import { toAuthor } from '../actors/to-author.ts'
import { toEmployer } from '../actors/to-employer.ts'
import { attachment } from '../datatypes/attachment.ts'
import {
  type CodeableConcept,
  codeableConcept,
  concept,
  toCodes,
  toEnum,
  toFirstConcept,
} from '../datatypes/concept.ts'
import { toConfidentiality, toLabels } from '../datatypes/labels.ts'
import { code, dateTime, instant, list, period, string } from '../datatypes/primitives.ts'
import { type Reference, reference } from '../datatypes/reference.ts'
import { type PatientEntry, type ResourceDefinition, resourceShape } from '../resource-definition.ts'
import { toContent } from '../to-content.ts'
import { toItem } from '../to-item.ts'

const schema = z.object(
  {
    ...resourceShape,
    status: code,
    category: list(codeableConcept),
    code: concept,
    subject: reference.optional(),
    encounter: reference.optional(),
    effectiveDateTime: dateTime.optional(),
    effectivePeriod: period.optional(),
    issued: instant.optional(),
    performer: list(reference),
    resultsInterpreter: list(reference),
    result: list(reference),
    conclusion: string.optional(),
    presentedForm: list(attachment),
  },
  'DiagnosticReport',
)

const statuses = ['REGISTERED', 'PRELIMINARY', 'FINAL', 'AMENDED', 'CORRECTED', 'CANCELLED', 'UNKNOWN'] as const

type DiagnosticReport = z.infer<typeof schema>

/** The results that a report holds: they bear its name. */
export const toResultReferences = ({ result = [] }: DiagnosticReport) => result

/**
 * A report: each presented form is a document, a conclusion without any is a result; its results are Observations of
 * their own.
 */
export const diagnosticReport: ResourceDefinition<DiagnosticReport> = {
  type: 'DiagnosticReport',
  schema,
  toSubjects: ({ subject }) => [{ reference: subject, path: 'subject' }],
  map(resource, entry) {
    const items: PublishedItem[] = []
    const contents: PublishedContent[] = []
    const { performer = [], resultsInterpreter = [] } = resource
    const author = toAuthor(resultsInterpreter.length > 0 ? resultsInterpreter : performer, entry)
    const custodian = performer.map((one) => toEmployer(one, entry)).find((one) => one !== null) ?? null
    const sources = [...performer, ...resultsInterpreter, resource.encounter]
    // The same for each form, of which there may be as many as performers.
    const by = { author, custodian, source: sources.find((one) => (toEmployer(one, entry)?.odsCode ?? null) !== null) }
    for (const index of (resource.presentedForm ?? []).keys()) {
      const { item, content } = toDocument(resource, index, entry, by)
      items.push(item)
      if (content) contents.push(content)
    }
    if (resource.conclusion !== undefined && items.length === 0)
      items.push(toConclusion(resource, resource.conclusion, entry))
    // A report that is taken back often bears nothing any more; what an earlier version said must not stay.
    if (resource.status === 'entered-in-error' && items.length === 0)
      items.push(toDocument({ ...resource, presentedForm: [{}] }, 0, entry, by).item, toConclusion(resource, '', entry))
    return { items, contents }
  },
}

function toDocument(
  resource: DiagnosticReport,
  index: number,
  entry: PatientEntry,
  { source, ...by }: Pick<Region.Document, 'author' | 'custodian'> & { readonly source: Reference | undefined },
): { readonly item: PublishedItem; readonly content: PublishedContent | null } {
  const { status, category, code, effectiveDateTime, effectivePeriod, issued, presentedForm = [] } = resource
  const attached = toContent(presentedForm[index], entry, `presentedForm[${index}]`)
  const created = presentedForm[index]?.creation ?? issued ?? effectiveDateTime ?? effectivePeriod?.start ?? null
  const item = toItem(resource, entry, {
    section: 'documents',
    part: `#presentedForm${presentedForm.length > 1 ? index : ''}`,
    orderedBy: [created],
    sources: [source],
    lifecycle: status === 'entered-in-error' ? 'retracted' : 'current',
    security: attached?.security ?? [],
    fields: {
      title: presentedForm[index]?.title ?? code.text,
      type: code,
      category: toFirstConcept(category),
      status: 'CURRENT',
      created,
      indexed: issued ?? null,
      ...by,
      specialty: null,
      confidentiality: toConfidentiality(toLabels(resource.meta?.security, attached?.security)),
      replaces: [],
      contentAnswer: attached ? 'AVAILABLE' : 'ABSENT',
      content: attached?.content ?? null,
    },
  })
  return { item, content: attached?.published ?? null }
}

/** What a report says in words, where no document says it: it would be lost otherwise. */
function toConclusion(resource: DiagnosticReport, conclusion: string, entry: PatientEntry): PublishedItem {
  const {
    status,
    category,
    code,
    effectiveDateTime,
    effectivePeriod,
    issued,
    performer = [],
    resultsInterpreter = [],
    encounter,
  } = resource
  const effective = effectiveDateTime ?? effectivePeriod?.start ?? null
  return toItem(resource, entry, {
    section: 'results',
    part: '#conclusion',
    orderedBy: [effective, issued],
    sources: [...performer, ...resultsInterpreter, encounter],
    lifecycle: status === 'entered-in-error' ? 'retracted' : 'current',
    fields: {
      code,
      category: toReportCategory(category),
      effective,
      status: toEnum(statuses, status) ?? 'UNRECOGNISED',
      value: conclusion,
      quantity: null,
      referenceRange: null,
      interpretation: null,
      components: [],
      report: code,
    },
  })
}

/** By v2-0074, the codes of diagnostic services. */
function toReportCategory(concepts: readonly CodeableConcept[] = []): Region.ResultCategory | null {
  const codes = concepts.flatMap(toCodes)
  if (codes.some((one) => /^(RAD|RUS|CT|NMR|XRC|IMG|VUS|CUS|OUS|NMS)$/.test(one))) return 'IMAGING'
  if (codes.some((one) => /^(LAB|CH|HM|MB|PAT|SP|CP|IMM|TX|VR|BLB|MYC|CG|GE)$/.test(one))) return 'LABORATORY'
  return concepts.length === 0 ? null : 'UNRECOGNISED'
}
