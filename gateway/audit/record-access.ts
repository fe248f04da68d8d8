import { hash } from 'node:crypto'
import type { GraphQLResolveInfo } from 'graphql'
import type { TokenHolder } from '../../schema/access-token.ts'
import type { AccessContext } from '../../schema/assertion.ts'
import { fault } from '../../schema/graphql-errors.ts'
import { findOrganisationRegions } from '../../schema/organisations.ts'
import { type RegionDecision, statusByDecision } from '../consent/region-decision.ts'
import type { AccessEvent } from './audit-event.ts'
import type { AuditTrail } from './audit-trail.ts'
import { AuditUnavailable } from './audit-unavailable.ts'
import { PrintedEvent, printEvent, type WritableEvent } from './chain-line.ts'

/** Puts accesses into the audit trail, on disk, before an answer leaves. Rejects with AUDIT_UNAVAILABLE, and then nothing may leave. */
export interface AccessRecorder {
  /** One event for each patient and each region asked or refused. */
  recordViews(views: readonly AuditedView[], access: ViewAuditContext): Promise<readonly AccessEvent[]>
  /** What was recorded for an answer before, for another request that is given the same. */
  recordCachedViews(
    events: readonly AccessEvent[],
    request: { readonly requestId: string } & ViewAuditContext['recorder'],
  ): Promise<void>
  recordDocument(opened: DocumentAccess, holder: TokenHolder): Promise<void>
}

export interface ViewAuditContext {
  readonly holder: TokenHolder
  readonly requestId: string
  readonly context: AccessContext
  readonly info: Pick<GraphQLResolveInfo, 'operation'>
  /** Told how long the request waited for the trail. */
  readonly recorder: { recordAuditWait(sinceMs: number): void }
}

/** The parts of a patient's view that the trail records: which region was asked, what it decided, and how much it showed. */
export interface AuditedView {
  readonly askedNhsNumber: string
  /** One for each configured region, in the order of the list of regions. */
  readonly regionResults: readonly {
    readonly region: { readonly code: string }
    /** RegionStatus; a region that is NOT_ASKED has no event. */
    readonly status: string
    /** In milliseconds; null if the region was not asked now. */
    readonly latencyMs: number | null
    readonly fromCache: boolean
    readonly decision: AuditedDecision | null
  }[]
  readonly sections: readonly {
    readonly answers: readonly { readonly region: string; readonly section: string; readonly withheld: boolean }[]
  }[]
  /** How many items each region contributed to, by its code. */
  readonly itemCounts: ReadonlyMap<string, number>
  /** Codes of the regions that withhold requested demographics. */
  readonly withheldDemographics: ReadonlySet<string>
}

/** Of a region's decision what the trail keeps. */
export type AuditedDecision = Omit<RegionDecision, 'breakGlass'>

export interface DocumentAccess {
  /** As in the log. */
  readonly requestId: string
  readonly documentId: string
  readonly region: string
  readonly context: AccessContext
  /** Null where the store did not say whose it is. */
  readonly nhsNumber: string | null
  /** Null: none was made, as for a url that is too old. */
  readonly decision: AuditedDecision | null
  /** The region's status, as ANSWERED or UNREACHABLE. */
  readonly status: string
  readonly latencyMs: number
}

/** Told of each write to the trail, and whether it is on disk. */
export type OnAuditWrite = (write: {
  readonly events: readonly AccessEvent[]
  readonly durationMs: number
  readonly isWritten: boolean
}) => void

export function createAccessRecorder(trail: AuditTrail, onWrite: OnAuditWrite = () => {}): AccessRecorder {
  return {
    async recordViews(views, access) {
      const events = views.flatMap((view) => toViewEvents(view, access))
      await recordEvents({ trail, onWrite }, events, access.recorder)
      return events
    },
    recordCachedViews: (events, request) =>
      recordEvents(
        { trail, onWrite },
        events,
        request,
        events.map((event) => printRepeatedEvent(event, request.requestId)),
      ),
    recordDocument: ({ requestId, documentId, region, context, nhsNumber, decision, status, latencyMs }, holder) =>
      recordEvents({ trail, onWrite }, [
        {
          ...toCommonFields(holder, context),
          kind: 'DOCUMENT',
          requestId,
          operation: { name: null, hash: null },
          nhsNumber,
          documentId,
          region,
          ...toDecisionFields(decision),
          status,
          latencyMs,
          answeredFrom: status === 'ANSWERED' ? 'REGION' : 'NOWHERE',
          items: status === 'ANSWERED' ? 1 : 0,
          withheld: [],
        },
      ]),
  }
}

const printedEvents = new WeakMap<AccessEvent, { readonly before: string; readonly after: string }>()

/** The event as of another request, printed but once: what stands before the request's id, and after it. */
function printRepeatedEvent(event: AccessEvent, requestId: string): PrintedEvent {
  const known = printedEvents.get(event)
  if (known) return new PrintedEvent(known.before + JSON.stringify(requestId) + known.after)
  const text = printEvent(event)
  const id = `"requestId":${JSON.stringify(event.requestId)}`
  // Within a string, the quotes would be written as escapes.
  const at = text.indexOf(id)
  if (at < 0) throw new Error('Expected an event of a request')
  printedEvents.set(event, { before: `${text.slice(0, at)}"requestId":`, after: text.slice(at + id.length) })
  return printRepeatedEvent(event, requestId)
}

/** Where events go, who is told, and what a request is told where they cannot be written. */
export interface AuditTarget {
  readonly trail: AuditTrail
  readonly onWrite: OnAuditWrite
  /** @default that the access could not be recorded */
  readonly unavailableMessage?: string
}

/** Puts events on the trail, as they stand or as `written`. Rejects with AUDIT_UNAVAILABLE where they cannot be, and then nothing may leave. */
export async function recordEvents(
  {
    trail,
    onWrite,
    unavailableMessage = 'The access could not be recorded, so nothing is shown. Try again.',
  }: AuditTarget,
  events: readonly AccessEvent[],
  recorder: ViewAuditContext['recorder'] | null = null,
  written: readonly WritableEvent[] = events,
): Promise<void> {
  const sinceMs = performance.now()
  let isWritten = false
  try {
    await trail.record(written)
    isWritten = true
  } catch (cause) {
    if (cause instanceof AuditUnavailable) throw fault('AUDIT_UNAVAILABLE', unavailableMessage, { status: 503, cause })
    throw cause
  } finally {
    recorder?.recordAuditWait(sinceMs)
    onWrite({ events, durationMs: performance.now() - sinceMs, isWritten })
  }
}

function toViewEvents(
  view: AuditedView,
  { holder, requestId, context, info }: ViewAuditContext,
): readonly AccessEvent[] {
  const asked = view.regionResults.filter(({ status }) => status !== 'NOT_ASKED')
  const common = toCommonFields(holder, context)
  return asked.map(({ region, status, latencyMs, fromCache, decision }): AccessEvent => {
    const answers = view.sections.flatMap((section) =>
      section.answers.filter((answer) => answer.region === region.code),
    )
    return {
      ...common,
      kind: 'VIEW',
      requestId,
      operation: { name: info.operation.name?.value ?? null, hash: hashOperation(info.operation) },
      nhsNumber: view.askedNhsNumber,
      documentId: null,
      region: region.code,
      ...toDecisionFields(decision),
      status,
      latencyMs,
      answeredFrom: fromCache ? 'CACHE' : latencyMs === null ? 'NOWHERE' : 'REGION',
      items: view.itemCounts.get(region.code) ?? 0,
      withheld: [
        ...(view.withheldDemographics.has(region.code) ? ['DEMOGRAPHICS'] : []),
        ...answers.flatMap(({ section, withheld }) => (withheld ? [section] : [])),
      ],
    }
  })
}

/** What was decided, item rules too, and under whose authority it was released. */
function toDecisionFields(decision: AuditedDecision | null): Pick<AccessEvent, 'decision' | 'authority' | 'alert'> {
  if (!decision)
    return { decision: { code: 'UNDECIDED', rules: [], policyVersion: null }, authority: null, alert: false }
  const { code, rules, itemRules, policyVersion, grants, permission, alert } = decision
  const [grant] = grants
  const authority =
    grant !== undefined
      ? ({ kind: 'GRANT', id: grant } as const)
      : permission !== null
        ? ({ kind: 'PERMISSION', id: permission } as const)
        : null
  return {
    decision: { code, rules: [...new Set([...rules, ...itemRules])], policyVersion },
    authority: statusByDecision[code] === 'ANSWERED' ? authority : null,
    alert,
  }
}

/** Who asked and why, in an event of any kind; no context where the purpose is not care. */
export function toCommonFields({ id, name, role, organisation }: TokenHolder, context: AccessContext | null) {
  return {
    person: { id, name },
    role: { code: role.code, display: role.display },
    organisation: {
      odsCode: organisation.odsCode,
      name: organisation.name,
      regions: [...findOrganisationRegions(organisation.odsCode)],
    },
    aboutPerson: null,
    purpose: context?.purpose ?? null,
    relationship: context?.relationship ?? null,
    reason: context?.reason ?? null,
    supervisor: context?.supervisor ?? null,
    authority: null,
    change: null,
    changeId: null,
  }
}

const operationHashes = new WeakMap<object, string | null>()

/** SHA-256 of the document that an operation stands in; null for one that was made without a text. */
export function hashOperation(operation: GraphQLResolveInfo['operation']): string | null {
  const known = operationHashes.get(operation)
  if (known !== undefined) return known
  const text = operation.loc?.source.body
  const found = text === undefined ? null : hash('sha256', text)
  operationHashes.set(operation, found)
  return found
}
