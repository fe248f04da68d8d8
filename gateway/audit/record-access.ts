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

/**
 * Records accesses in the audit trail, on disk, before an answer leaves. Rejects with AUDIT_UNAVAILABLE, and then no
 * answer may leave.
 */
export interface AccessRecorder {
  /** Records one event for each patient and each region called or refused. */
  recordViews(views: readonly AuditedView[], access: ViewAuditContext): Promise<readonly AccessEvent[]>
  /** Records the same events for another request, which receives the same cached response. */
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
  /** Receives the request's wait for the trail. */
  readonly recorder: { recordAuditWait(sinceMs: number): void }
}

/** The parts of a patient's view that the trail records: the region, its decision, and how much was shown. */
export interface AuditedView {
  readonly askedNhsNumber: string
  /** One for each configured region, in configuration order. */
  readonly regionResults: readonly {
    readonly region: { readonly code: string }
    /** RegionStatus; a region with NOT_ASKED has no event. */
    readonly status: string
    /** Milliseconds; null if the region was not called for this request. */
    readonly latencyMs: number | null
    readonly fromCache: boolean
    readonly decision: AuditedDecision | null
  }[]
  readonly sections: readonly {
    readonly answers: readonly { readonly region: string; readonly section: string; readonly withheld: boolean }[]
  }[]
  /** Number of items to which each region contributed, by RegionCode. */
  readonly itemCounts: ReadonlyMap<string, number>
  /** RegionCodes of the regions that withhold requested demographics. */
  readonly withheldDemographics: ReadonlySet<string>
}

/** The parts of a region's decision that the trail records. */
export type AuditedDecision = Omit<RegionDecision, 'breakGlass'>

export interface DocumentAccess {
  /** Request id, as in the log. */
  readonly requestId: string
  readonly documentId: string
  readonly region: string
  readonly context: AccessContext
  /** Null if the store did not state the patient. */
  readonly nhsNumber: string | null
  /** Null if the region made none, as for an expired URL. */
  readonly decision: AuditedDecision | null
  /** The region's status, such as ANSWERED or UNREACHABLE. */
  readonly status: string
  readonly latencyMs: number
}

/** Called after each write to the trail, with whether it is on disk. */
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

/** Prints the event for another request. The text around the request id is printed once. */
function printRepeatedEvent(event: AccessEvent, requestId: string): PrintedEvent {
  const known = printedEvents.get(event)
  if (known) return new PrintedEvent(known.before + JSON.stringify(requestId) + known.after)
  const text = printEvent(event)
  const id = `"requestId":${JSON.stringify(event.requestId)}`
  // A quote within a string is escaped, so this text matches the property only.
  const at = text.indexOf(id)
  if (at < 0) throw new Error('Expected an event of a request')
  printedEvents.set(event, { before: `${text.slice(0, at)}"requestId":`, after: text.slice(at + id.length) })
  return printRepeatedEvent(event, requestId)
}

/** The trail to write to, the callback for writes, and the message of a request whose event cannot be written. */
export interface AuditTarget {
  readonly trail: AuditTrail
  readonly onWrite: OnAuditWrite
  /** Message of the AUDIT_UNAVAILABLE error. @default that the access could not be recorded */
  readonly unavailableMessage?: string
}

/**
 * Writes events to the trail, or their printed forms in `written`. Rejects with AUDIT_UNAVAILABLE, and then no answer
 * may leave.
 */
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

/** Converts a decision to the fields that record it: item rules too, and the authority for the release. */
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

/**
 * Returns the fields of any event that state who made the request and why. The context is null if the purpose is not
 * care.
 */
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

/** Returns the SHA-256 of the document that contains an operation; null if the document has no source text. */
export function hashOperation(operation: GraphQLResolveInfo['operation']): string | null {
  const known = operationHashes.get(operation)
  if (known !== undefined) return known
  const text = operation.loc?.source.body
  const found = text === undefined ? null : hash('sha256', text)
  operationHashes.set(operation, found)
  return found
}
